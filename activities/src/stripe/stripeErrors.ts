import Stripe from 'stripe';
import { GatewayError } from '../gateway';

const { StripeError } = Stripe.errors;

/** Statuses that pass by themselves: too many requests, or another one with this idempotency key that still runs. */
const passing = new Set([409, 429]);

/** Makes one call of Stripe's library. @throws GatewayError and nothing else that Stripe is the cause of */
export async function askStripe<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof StripeError ? toGatewayError(error) : error;
  }
}

/** The same, with null for an answer of this status: 404 there is none, 400 its state does not allow it. */
export async function askStripeOrNull<T>(status: number, call: () => Promise<T>): Promise<T | null> {
  return askStripe(async () => {
    try {
      return await call();
    } catch (error) {
      if (error instanceof StripeError && error.statusCode === status) return null;
      throw error;
    }
  });
}

interface KeyedCall<T> {
  key: string;
  /** For a call whose key is used up. */
  nextKey: string;
  call: (idempotencyKey: string) => Promise<Stripe.Response<T>>;
  /** Whether an answer that is no error says all the same that it did not work. */
  isFailure?: (answer: T) => boolean;
}

/**
 * Makes a call that has an effect, under an idempotency key. Stripe keeps the answer of a key for a day, also when it is a
 * refusal or a 5xx, and repeats it; such a key is used up, so the call is made once more under the next.
 *
 * Only for calls that may be made twice: sessions that nobody was told of, and refunds of all that is left.
 */
export async function underKey<T>({ key, nextKey, call, isFailure = () => false }: KeyedCall<T>): Promise<T> {
  try {
    const answer = await call(key);
    if (!isFailure(answer) || !isReplayed(answer.lastResponse.headers)) return answer;
  } catch (error) {
    if (!(error instanceof StripeError) || !isReplayed(error.headers)) throw error;
  }
  return call(nextKey);
}

/** Of an answer the library gives fetch's own headers, whatever its types say, and of an error an object of them. */
function isReplayed(headers: Record<string, string> | undefined): boolean {
  return new Headers(headers).get('idempotent-replayed') === 'true';
}

function toGatewayError(error: InstanceType<typeof StripeError>): GatewayError {
  const { statusCode, requestId } = error;
  if (statusCode === undefined) {
    return new GatewayError('GatewayUnavailable', 'Stripe does not answer.', { cause: error });
  }
  const which = `(status ${statusCode}${requestId ? `, request ${requestId}` : ''})`;
  if (statusCode >= 500 || passing.has(statusCode)) {
    return new GatewayError('GatewayUnavailable', `Stripe is not available ${which}.`, { cause: error });
  }
  return new GatewayError('GatewayRefused', `Stripe refused the call ${which}.`, { cause: error });
}

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

/**
 * Makes a call that has an effect, under an idempotency key. Stripe keeps the answer of a key for a day, also when it is a
 * 5xx, and repeats it; such a key is of no more use, so the call is made once more under another.
 *
 * Only for calls that may be made twice: sessions that nobody was told of, and refunds of all that is left.
 */
export async function underKey<T>(idempotencyKey: string, call: (idempotencyKey: string) => Promise<T>): Promise<T> {
  try {
    return await call(idempotencyKey);
  } catch (error) {
    if (!isSavedFailure(error)) throw error;
    return call(`${idempotencyKey}/2`);
  }
}

function isSavedFailure(error: unknown): boolean {
  if (!(error instanceof StripeError) || (error.statusCode ?? 0) < 500) return false;
  return error.headers?.['idempotent-replayed'] === 'true';
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

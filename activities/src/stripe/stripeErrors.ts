import Stripe from 'stripe';
import { GatewayError } from '../gateway';

const { StripeError } = Stripe.errors;

/** Temporary statuses: 409 while another request uses the same idempotency key, 429 for the rate limit. */
const transientStatuses = new Set([409, 429]);

/** Statuses for an invalid key, or for a restricted key without the permission (docs.stripe.com/api/errors). */
const credentialStatuses = new Set([401, 403]);

/** Makes one call of Stripe's library. @throws GatewayError for every error of Stripe */
export async function askStripe<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof StripeError ? toGatewayError(error) : error;
  }
}

/**
 * Like `askStripe`, but returns null if Stripe responds with the given status. Status 404 means that the object does
 * not exist, and 400 that the state of the object forbids the call.
 */
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
  /** The key of the second call. The second call is made only if Stripe replays an old failure for the first key. */
  nextKey: string;
  call: (idempotencyKey: string) => Promise<T>;
}

/**
 * Makes a call with an idempotency key. Stripe keeps the answer to a key for a day and replays it, even if the answer
 * is a refusal or a 5xx. If the answer is such a replayed failure, the call is made once more with the next key.
 *
 * Use this only for calls that are safe to make twice. The creation of a session is safe if nobody has received the
 * page of an earlier session. A refund is safe if the caller has just checked that Stripe has not made it.
 */
export async function withIdempotencyKey<T>({ key, nextKey, call }: KeyedCall<T>): Promise<T> {
  try {
    return await call(key);
  } catch (error) {
    if (!(error instanceof StripeError) || !isReplayed(error.headers)) throw error;
  }
  return call(nextKey);
}

function isReplayed(headers: Record<string, string> | undefined): boolean {
  return new Headers(headers).get('idempotent-replayed') === 'true';
}

function toGatewayError(error: InstanceType<typeof StripeError>): GatewayError {
  const { statusCode, requestId } = error;
  if (statusCode === undefined) {
    return new GatewayError('GatewayUnavailable', 'Stripe does not answer.', { cause: error });
  }
  const which = `(status ${statusCode}${requestId ? `, request ${requestId}` : ''})`;
  if (statusCode >= 500 || transientStatuses.has(statusCode)) {
    return new GatewayError('GatewayUnavailable', `Stripe is not available ${which}.`, { cause: error });
  }
  if (credentialStatuses.has(statusCode)) {
    return new GatewayError('GatewayMisconfigured', `Stripe does not accept the credentials ${which}.`, {
      cause: error,
    });
  }
  // `GatewayRefused` is also the code of a call whose idempotency key was used before with other parameters. Such a
  // call is not repeated with a new key, because the second call would open a second session. A shopper can already
  // have the page of the first session.
  return new GatewayError('GatewayRefused', `Stripe refused the call ${which}.`, { cause: error });
}

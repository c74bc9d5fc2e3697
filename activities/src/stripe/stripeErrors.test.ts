import Stripe from 'stripe';
import { askStripe } from './stripeErrors';

const { errors } = Stripe;

describe('an error of Stripe', () => {
  it.each([
    ['a connection that broke', new errors.StripeConnectionError({ type: 'api_error' }), 'GatewayUnavailable'],
    [
      "a failure of Stripe's servers",
      new errors.StripeAPIError({ type: 'api_error', statusCode: 502 }),
      'GatewayUnavailable',
    ],
    ['too many calls', new errors.StripeRateLimitError({ type: 'api_error', statusCode: 429 }), 'GatewayUnavailable'],
    [
      'an idempotency key that another call is using',
      new errors.StripeIdempotencyError({ type: 'idempotency_error', statusCode: 409 }),
      'GatewayUnavailable',
    ],
    [
      'a wrong key',
      new errors.StripeAuthenticationError({ type: 'invalid_request_error', statusCode: 401 }),
      'GatewayMisconfigured',
    ],
    [
      'a key without the permission',
      new errors.StripePermissionError({ type: 'invalid_request_error', statusCode: 403 }),
      'GatewayMisconfigured',
    ],
    [
      'an amount that Stripe does not accept',
      new errors.StripeInvalidRequestError({ type: 'invalid_request_error', statusCode: 400 }),
      'GatewayRefused',
    ],
    [
      'an idempotency key that was used with other parameters',
      new errors.StripeIdempotencyError({ type: 'idempotency_error', statusCode: 400 }),
      'GatewayRefused',
    ],
  ])('%s', async (_what, error, code) => {
    await expect(askStripe(() => Promise.reject(error))).rejects.toMatchObject({ name: 'GatewayError', code });
  });
});

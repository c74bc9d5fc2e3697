import { randomBytes } from 'node:crypto';
import Stripe from 'stripe';
import { verifyStripeEvent } from './stripeSignature';

it('the signature of a body covers its UTF-8 byte order mark', () => {
  const webhookSecret = `whsec_${randomBytes(16).toString('hex')}`;
  const event = { id: 'evt_1', type: 'charge.refunded', livemode: false, data: { object: {} } };
  const rawBody = `\ufeff${JSON.stringify(event)}`;
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: rawBody, secret: webhookSecret });
  const settings = { webhookSecret, mode: 'test' } as const;
  expect(verifyStripeEvent(settings, { rawBody, signature })).toEqual(event);
  expect(() => verifyStripeEvent(settings, { rawBody: rawBody.slice(1), signature })).toThrow('not signed');
});

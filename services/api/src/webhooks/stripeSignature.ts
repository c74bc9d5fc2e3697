import type { StripeMode } from '@widget-store/activities/stripeUnits';
import Stripe from 'stripe';
import { Problem } from '../problem';
import { readStripeEvent, type StripeEvent } from './stripeEvents';

/** Seconds; what Stripe's own library takes unless told otherwise. */
const toleranceSeconds = 300;

/** Checks that an event comes from Stripe, is recent, and is of the mode that this store runs in. */
export interface StripeVerifier {
  /**
   * @param rawBody the body as it came, byte for byte
   * @param signature the header `Stripe-Signature`
   * @throws Problem `webhook_unauthorized`, the same for every reason; `webhook_mode_mismatch` for an event of a test in
   * a live store, or of real money in a test; `webhook_invalid` for one that cannot be read
   */
  verify(rawBody: string, signature: string): StripeEvent;
}

export function createStripeVerifier(options: { webhookSecret: string; mode: StripeMode }): StripeVerifier {
  const { webhookSecret, mode } = options;
  return {
    verify: (rawBody, signature) => {
      const event = readStripeEvent(verified(rawBody, signature, webhookSecret));
      if (event.livemode === (mode === 'live')) return event;
      throw new Problem('webhook_mode_mismatch', `This store takes Stripe's events of mode ${mode} only.`);
    },
  };
}

function verified(rawBody: string, signature: string, webhookSecret: string): unknown {
  try {
    return Stripe.webhooks.constructEvent(rawBody, signature, webhookSecret, toleranceSeconds);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) {
      throw new Problem('webhook_unauthorized', 'The event is not signed, or not recently, or not by Stripe.');
    }
    throw new Problem('webhook_invalid', 'The event is not one of those that Stripe sends to webhooks.');
  }
}

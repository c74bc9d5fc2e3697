import type { StripeMode } from '@widget-store/activities/stripeUnits';
import Stripe from 'stripe';
import { Problem } from '../problem';
import { readStripeEvent, type StripeEvent } from './stripeEvents';

/** The default of Stripe's own library. */
const toleranceSeconds = 300;

export interface RawStripeEvent {
  /** The body byte for byte. */
  rawBody: string;
  /** The header `Stripe-Signature`. */
  signature: string;
}

/**
 * Checks that an event comes from Stripe, is recent, and is of the mode that this store runs in.
 *
 * @throws Problem `webhook_unauthorized`, the same for every reason; `webhook_mode_mismatch` for an event of test mode
 * in a live store or the reverse; `webhook_invalid` for an event that cannot be read
 */
export function verifyStripeEvent(
  { webhookSecret, mode }: { webhookSecret: string; mode: StripeMode },
  { rawBody, signature }: RawStripeEvent,
): StripeEvent {
  const event = readStripeEvent(parseSigned(rawBody, signature, webhookSecret));
  if (event.livemode === (mode === 'live')) return event;
  throw new Problem('webhook_mode_mismatch', `This store takes Stripe's events of mode ${mode} only.`);
}

function parseSigned(rawBody: string, signature: string, webhookSecret: string): unknown {
  try {
    return Stripe.webhooks.constructEvent(rawBody, signature, webhookSecret, toleranceSeconds);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) {
      throw new Problem('webhook_unauthorized', 'The event is not signed, or not recently, or not by Stripe.');
    }
    throw new Problem('webhook_invalid', 'The event is not one of those that Stripe sends to webhooks.');
  }
}

import type { StripeMode } from '@widget-store/activities/stripeUnits';
import Stripe from 'stripe';
import { parseJson } from '../json';
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
  verifySignature({ rawBody, signature }, webhookSecret);
  const event = readStripeEvent(parseEvent(rawBody));
  if (event.livemode === (mode === 'live')) return event;
  throw new Problem('webhook_mode_mismatch', `This store takes Stripe's events of mode ${mode} only.`);
}

/** Not by `constructEvent`, which cannot parse a body with a byte order mark. */
function verifySignature({ rawBody, signature }: RawStripeEvent, webhookSecret: string): void {
  const signatures = Stripe.webhooks.signature;
  if (signatures === null) throw new Error("unreachable: Stripe's library sets it when it is loaded");
  try {
    signatures.verifyHeader(rawBody, signature, webhookSecret, toleranceSeconds);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
    throw new Problem('webhook_unauthorized', 'The event is not signed, or not recently, or not by Stripe.');
  }
}

function parseEvent(rawBody: string): unknown {
  try {
    return parseJson(rawBody, 'webhook_invalid');
  } catch {
    throw new Problem('webhook_invalid', 'The event is not one of those that Stripe sends to webhooks.');
  }
}

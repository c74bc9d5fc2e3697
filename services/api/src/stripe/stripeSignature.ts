import type { StripeMode } from '@widget-store/activities/stripe';
import Stripe from 'stripe';
import { parseJson } from '../json';
import { Problem } from '../problem';
import { readStripeEvent, type StripeEvent } from './stripeEvents';

/** The maximum age of an event. This is the default of Stripe's own library. */
const toleranceSeconds = 300;

export interface StripeWebhookSettings {
  webhookSecret: string;
  mode: StripeMode;
}

interface RawStripeEvent {
  /** The body byte for byte. */
  rawBody: string;
  /** The header `Stripe-Signature`. */
  signature: string;
}

/**
 * Checks that an event comes from Stripe, is recent, and has the mode of this store.
 *
 * @throws Problem `webhook_unauthorized`, with the same text for every reason; `webhook_mode_mismatch` for a test event
 * in a live store, or for a live event in a test store; `webhook_invalid` for an event that cannot be parsed
 */
export function verifyStripeEvent(
  { webhookSecret, mode }: StripeWebhookSettings,
  { rawBody, signature }: RawStripeEvent,
): StripeEvent {
  verifySignature({ rawBody, signature }, webhookSecret);
  const event = readStripeEvent(parseEvent(rawBody));
  if (event.livemode === (mode === 'live')) return event;
  throw new Problem('webhook_mode_mismatch', `This store accepts only events of Stripe's ${mode} mode.`);
}

/** Does not call `constructEvent` of Stripe's library, which cannot parse a body with a byte order mark. */
function verifySignature({ rawBody, signature }: RawStripeEvent, webhookSecret: string): void {
  const signatures = Stripe.webhooks.signature;
  if (signatures === null) throw new Error("unreachable: Stripe's library sets it when it is loaded");
  try {
    signatures.verifyHeader(rawBody, signature, webhookSecret, toleranceSeconds);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
    throw new Problem('webhook_unauthorized', 'The event is unsigned, too old, or not signed by Stripe.');
  }
}

function parseEvent(rawBody: string): unknown {
  try {
    return parseJson(rawBody, 'webhook_invalid');
  } catch {
    throw new Problem('webhook_invalid', 'The body is not an event that Stripe sends to webhooks.');
  }
}

import { fromStripeAmount } from '@widget-store/activities/stripeUnits';
import { isPaymentId } from '@widget-store/contract';
import { z } from 'zod';
import type { PaymentNews } from '../runs/payments';
import { Problem } from '../problem';

/**
 * What every event has. Its `api_version` is that of the endpoint in Stripe and not of our library; the few fields that are
 * read below have been the same in all of them, and an event without them is refused.
 */
const stripeEvent = z.object({
  id: z.string(),
  type: z.string(),
  livemode: z.boolean(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});

export type StripeEvent = z.output<typeof stripeEvent>;

/** Whose it is. Another's may be of a kind that has neither amount nor currency, so this is read first. */
const reference = z.object({ client_reference_id: z.string().nullable() });

const checkoutSession = z.object({
  payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
  amount_total: z.int(),
  currency: z.string(),
});

/** Those that say how a payment ended. */
const endings = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
] as const;

/**
 * Known, counted, and without effect. The store ends sessions itself, so it knows; refunds and disputes are for whoever looks
 * at the metrics, because a person has made them.
 */
const withoutEffect = [
  'checkout.session.expired',
  'charge.refunded',
  'charge.dispute.created',
  'refund.failed',
] as const;

/** What the metrics call the types of events; all that the store does not know have one name. */
export const stripeEventKinds: readonly string[] = [...endings, ...withoutEffect, 'other'];

export function stripeEventKind({ type }: StripeEvent): string {
  return stripeEventKinds.includes(type) ? type : 'other';
}

/** @throws Problem `webhook_invalid` */
export function readStripeEvent(body: unknown): StripeEvent {
  const event = stripeEvent.safeParse(body);
  if (event.success) return event.data;
  throw new Problem('webhook_invalid', 'The event does not have the fields of every event of Stripe.');
}

/**
 * What an event says of one of the store's payments; null when it says nothing that an order waits for: another type, a
 * payment that has only begun, or somebody else's in the same account.
 *
 * @throws Problem `webhook_invalid` when it is about a session and has not its fields
 */
export function newsOf({ id, type, data }: StripeEvent): PaymentNews | null {
  if (!endings.some((ending) => ending === type)) return null;
  const { client_reference_id: paymentId } = fieldsOfSession(reference, data.object);
  if (paymentId === null || !isPaymentId(paymentId)) return null;
  const {
    payment_status: paymentStatus,
    amount_total: amount,
    currency,
  } = fieldsOfSession(checkoutSession, data.object);
  const hasFailed = type === 'checkout.session.async_payment_failed';
  if (!hasFailed && paymentStatus !== 'paid') return null;
  const status = hasFailed ? 'failed' : 'paid';
  return { paymentId, status, eventId: id, amount: fromStripeAmount({ amount, currency }) };
}

function fieldsOfSession<Schema extends z.ZodType>(schema: Schema, object: unknown): z.output<Schema> {
  const fields = schema.safeParse(object);
  if (fields.success) return fields.data;
  throw new Problem('webhook_invalid', 'The event does not have the fields of a Checkout Session.');
}

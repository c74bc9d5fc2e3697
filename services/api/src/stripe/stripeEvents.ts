import { fromStripeAmount } from '@widget-store/activities/stripe';
import { isPaymentId } from '@widget-store/contract';
import { z } from 'zod';
import { Problem } from '../problem';
import type { PaymentNotification } from '../runs/settlePayment';
import type { ChangedPayment } from '../runs/syncPayment';

/**
 * The fields of every event. The `api_version` of an event is configured for the endpoint at Stripe, and can differ
 * from the version of our library. The fields here are the same in all versions. An event without them is refused.
 */
const stripeEvent = z.object({
  id: z.string(),
  type: z.string(),
  livemode: z.boolean(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});

export type StripeEvent = z.output<typeof stripeEvent>;

/**
 * The field that names the payment. It is read before the other fields, because sessions of other systems in the same
 * Stripe account can lack the fields of `checkoutSession`.
 */
const reference = z.object({ client_reference_id: z.string().nullable() });

const checkoutSession = z.object({
  payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
  amount_total: z.int(),
  currency: z.string(),
});

/** The types of events that say how a payment ended. */
const outcomeTypes = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
] as const;

/** The types of events that say that a payment's refunds or disputes have changed. */
const changeTypes = [
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.refunded',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
] as const;

/**
 * The types of events that the api only counts. An expired session needs no reaction, because the store itself expires
 * sessions.
 */
const countedTypes = ['checkout.session.expired'] as const;

/** The values of the metric's label `type`. All unknown types share the value `other`. */
export const stripeEventKinds: readonly string[] = [...outcomeTypes, ...changeTypes, ...countedTypes, 'other'];

export function stripeEventKind({ type }: StripeEvent): string {
  return stripeEventKinds.includes(type) ? type : 'other';
}

/** @throws Problem `webhook_invalid` */
export function readStripeEvent(body: unknown): StripeEvent {
  const event = stripeEvent.safeParse(body);
  if (event.success) return event.data;
  throw new Problem('webhook_invalid', 'The event lacks a field that every event of Stripe has.');
}

/**
 * Reads how a payment of the store ended, according to an event. Null if the event does not say this: it has another
 * type, its payment is not complete yet, or its payment belongs to another system in the same Stripe account.
 *
 * @throws Problem `webhook_invalid` if the event lacks a field of a Checkout Session
 */
export function readPaymentNotification({ id, type, data }: StripeEvent): PaymentNotification | null {
  if (!outcomeTypes.some((outcome) => outcome === type)) return null;
  const { client_reference_id: paymentId } = readSession(reference, data.object);
  if (paymentId === null || !isPaymentId(paymentId)) return null;
  const { payment_status: paymentStatus, amount_total: amount, currency } = readSession(checkoutSession, data.object);
  const hasFailed = type === 'checkout.session.async_payment_failed';
  if (!hasFailed && paymentStatus !== 'paid') return null;
  const status = hasFailed ? 'failed' : 'paid';
  return { paymentId, status, eventId: id, amount: fromStripeAmount({ amount, currency }) };
}

/** The fields of a session whose payment was made. */
const paidSession = z.object({ id: z.string(), payment_intent: z.string() });

/** Reads the ids by which later events name the payment of a session. Null if the event does not contain them. */
export function readPaymentReference({ data }: StripeEvent, { paymentId }: Pick<PaymentNotification, 'paymentId'>) {
  const session = paidSession.safeParse(data.object).data;
  return session === undefined ? null : { paymentId, reference: session.id, intent: session.payment_intent };
}

/**
 * The fields in which charges, refunds and disputes name their payment. Disputes, and refunds that somebody made in the
 * Dashboard, have no metadata. Only `payment_intent` names their payment.
 */
const ofPayment = z.object({
  metadata: z.record(z.string(), z.string()).nullish(),
  payment_intent: z.string().nullish(),
});

/**
 * Reads from an event which payment has a new or changed refund or dispute. Null if the event has another type, or
 * names no payment.
 */
export function readChangedPayment({ type, data }: StripeEvent): ChangedPayment | null {
  if (!changeTypes.some((changed) => changed === type)) return null;
  const { metadata, payment_intent: intent } = ofPayment.safeParse(data.object).data ?? {};
  const paymentId = metadata?.['payment_id'];
  if (paymentId !== undefined) return { paymentId };
  return intent ? { intent } : null;
}

function readSession<Schema extends z.ZodType>(schema: Schema, object: unknown): z.output<Schema> {
  const fields = schema.safeParse(object);
  if (fields.success) return fields.data;
  throw new Problem('webhook_invalid', 'The event does not have the fields of a Checkout Session.');
}

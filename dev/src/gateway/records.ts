import { z } from 'zod';
import { buyerSchema } from './buyer';

/** The ways in which a shopper can leave the payment page. A payment keeps its first outcome. */
const outcomes = ['paid', 'declined', 'closed'] as const;
export type Outcome = (typeof outcomes)[number];

/** A pending refund succeeds or fails. A refund that has succeeded can still fail. */
export const refundStatuses = ['pending', 'succeeded', 'failed'] as const;
export type RefundStatus = (typeof refundStatuses)[number];

const disputeEnds = ['won', 'lost'] as const;
/** When a dispute is closed, the store has either won or lost it. */
export type DisputeStatus = 'open' | (typeof disputeEnds)[number];

const behaviourSchema = z.object({
  /** The number of extra copies of each webhook. */
  duplicates: z.int().min(0),
  /** Milliseconds between an event and its webhook. */
  delayMs: z.int().min(0),
  /** If true, webhooks are not sent. */
  lose: z.boolean(),
  /** If true, webhooks are sent in pairs, and the newer webhook of each pair is sent first. */
  reverse: z.boolean(),
});

/** What the sandbox does to the webhooks of later events. */
export type Behaviour = z.infer<typeof behaviourSchema>;

export const defaultBehaviour: Behaviour = { duplicates: 0, delayMs: 0, lose: false, reverse: false };

const at = z.iso.datetime();
const paymentId = z.string();
const amountMinor = z.int().min(1);
/** A record that causes a new webhook contains the id of the webhook, so the two are written together or not at all. */
const eventId = z.string();

/**
 * One line of the journal, which is one change of the ledger. A release reads the journals of earlier releases, so do
 * not rename a field, and make every new field optional.
 */
const recordSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('payment_opened'),
    at,
    paymentId,
    amountMinor,
    currency: z.string(),
    lineItems: z.array(z.object({ name: z.string(), quantity: z.int().min(1), unitAmountMinor: z.int() })).optional(),
    expiresAt: at.optional(),
    returnUrl: z.string(),
    traceparent: z.string().optional(),
    shippingCountries: z.array(z.string()).optional(),
  }),
  z.object({
    kind: z.literal('payment_settled'),
    at,
    paymentId,
    outcome: z.enum(outcomes),
    eventId,
    buyer: buyerSchema.optional(),
  }),
  z.object({ kind: z.literal('event_resent'), at, paymentId }),
  z.object({
    kind: z.literal('payment_refunded'),
    at,
    paymentId,
    refundId: z.string(),
    madeBy: z.enum(['store', 'dashboard']),
    idempotencyKey: z.string(),
    amountMinor,
    status: z.enum(refundStatuses),
    eventId,
  }),
  z.object({
    kind: z.literal('refund_ended'),
    at,
    paymentId,
    refundId: z.string(),
    status: z.enum(['succeeded', 'failed']),
    eventId,
  }),
  z.object({ kind: z.literal('next_refund_set'), at, paymentId, status: z.enum(refundStatuses) }),
  z.object({
    kind: z.literal('dispute_opened'),
    at,
    paymentId,
    disputeId: z.string(),
    idempotencyKey: z.string(),
    amountMinor,
    reason: z.string().nullable(),
    eventId,
  }),
  z.object({
    kind: z.literal('dispute_closed'),
    at,
    paymentId,
    disputeId: z.string(),
    status: z.enum(disputeEnds),
    eventId,
  }),
  z.object({ kind: z.literal('delivery_ended'), at, deliveryId: z.string(), delivered: z.boolean() }),
  z.object({ kind: z.literal('behaviour_set'), at, behaviour: behaviourSchema }),
]);

export type LedgerRecord = z.infer<typeof recordSchema>;

/**
 * Reads the lines of a journal.
 *
 * @throws Error that names the first damaged line. Does not skip that line, because without it, amounts would be wrong.
 */
export function parseRecords(lines: string[]): LedgerRecord[] {
  return lines.map((line, index) => {
    try {
      return recordSchema.parse(JSON.parse(line));
    } catch (error) {
      throw new Error(`line ${index + 1} of the gateway's journal is damaged`, { cause: error });
    }
  });
}

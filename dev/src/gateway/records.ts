import { z } from 'zod';

/** The ways in which a shopper can leave the payment page. A payment keeps its first outcome. */
const outcomes = ['paid', 'declined', 'closed'] as const;
export type Outcome = (typeof outcomes)[number];

const behaviourSchema = z.object({
  /** The number of extra copies of each webhook. */
  duplicates: z.int().min(0),
  /** Milliseconds between a settlement and its webhook. */
  delayMs: z.int().min(0),
  /** True if webhooks are never sent. */
  lose: z.boolean(),
  /** True if a webhook waits for the next webhook and is sent after it. */
  reverse: z.boolean(),
});

/** What the sandbox does to the webhooks of later settlements. */
export type Behaviour = z.infer<typeof behaviourSchema>;

export const defaultBehaviour: Behaviour = { duplicates: 0, delayMs: 0, lose: false, reverse: false };

const at = z.iso.datetime();
const paymentId = z.string();
const amountMinor = z.int().min(1);

/**
 * One line of the journal, which is one change of the ledger. Journals outlive releases, so do not rename a field, and
 * make a new field optional.
 */
const recordSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('payment_opened'),
    at,
    paymentId,
    amountMinor,
    currency: z.string(),
    returnUrl: z.string(),
    traceparent: z.string().optional(),
  }),
  /** One record holds both the settlement and its webhook, so that neither exists without the other. */
  z.object({ kind: z.literal('payment_settled'), at, paymentId, outcome: z.enum(outcomes), eventId: z.string() }),
  z.object({ kind: z.literal('event_resent'), at, paymentId }),
  z.object({
    kind: z.literal('payment_refunded'),
    at,
    paymentId,
    refundId: z.string(),
    idempotencyKey: z.string(),
    amountMinor,
  }),
  z.object({ kind: z.literal('delivery_ended'), at, deliveryId: z.string(), delivered: z.boolean() }),
  z.object({ kind: z.literal('behaviour_set'), at, behaviour: behaviourSchema }),
]);

export type LedgerRecord = z.infer<typeof recordSchema>;

/**
 * Reads the lines of a journal.
 *
 * @throws Error that names the first damaged line, because amounts must not be guessed
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

import { eq, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { paymentReferences } from '../schema';

interface PaymentReference {
  paymentId: string;
  /** The gateway's own id of the payment. */
  reference: string;
  /**
   * The id of the payment in the gateway's events about refunds and disputes. The store learns this id only after the
   * shopper has paid.
   */
  intent?: string;
}

/** Reads the gateway's own id of a payment; null if none is recorded. */
export async function readPaymentReference(db: Database, paymentId: string): Promise<string | null> {
  const [found] = await db.select().from(paymentReferences).where(eq(paymentReferences.paymentId, paymentId));
  return found?.reference ?? null;
}

/**
 * Finds a payment by the id that the gateway's events about refunds and disputes use; null if the store has not learned
 * this id yet.
 */
export async function findPaymentOfIntent(db: Database, intent: string): Promise<string | null> {
  const [found] = await db
    .select({ paymentId: paymentReferences.paymentId })
    .from(paymentReferences)
    .where(eq(paymentReferences.intent, intent));
  return found?.paymentId ?? null;
}

/** Records payment references. A payment keeps its first reference and its first intent. */
export async function recordPaymentReferences(db: Database, entries: PaymentReference[]): Promise<void> {
  if (entries.length === 0) return;
  const paymentIds = sql.param(entries.map(({ paymentId }) => paymentId));
  const references = sql.param(entries.map(({ reference }) => reference));
  const intents = sql.param(entries.map(({ intent = '' }) => intent));
  await db.execute(sql`
    insert into payment_references (payment_id, reference, intent)
    select payment_id, reference, nullif(intent, '')
    from unnest(${paymentIds}::text[], ${references}::text[], ${intents}::text[]) as noted (payment_id, reference, intent)
    order by payment_id
    on conflict (payment_id) do update set intent = excluded.intent
    where payment_references.intent is null and excluded.intent is not null`);
}

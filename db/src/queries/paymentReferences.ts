import { eq, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { paymentReferences } from '../schema';

interface PaymentReference {
  paymentId: string;
  /** The gateway's own id of the payment. */
  reference: string;
}

/** Reads the gateway's own id of a payment; null if none is recorded. */
export async function readPaymentReference(db: Database, paymentId: string): Promise<string | null> {
  const [found] = await db.select().from(paymentReferences).where(eq(paymentReferences.paymentId, paymentId));
  return found?.reference ?? null;
}

/** Records payment references. A payment keeps its first reference. */
export async function recordPaymentReferences(db: Database, entries: PaymentReference[]): Promise<void> {
  if (entries.length === 0) return;
  const paymentIds = sql.param(entries.map(({ paymentId }) => paymentId));
  const references = sql.param(entries.map(({ reference }) => reference));
  await db.execute(sql`
    insert into payment_references (payment_id, reference)
    select * from unnest(${paymentIds}::text[], ${references}::text[]) as noted (payment_id, reference)
    order by payment_id
    on conflict (payment_id) do nothing`);
}

import { eq, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { paymentReferences } from '../schema';

interface PaymentReference {
  paymentId: string;
  /** The gateway's own id of the payment. */
  reference: string;
}

/** The gateway's own id of a payment; null when none is recorded. */
export async function readPaymentReference(db: Database, paymentId: string): Promise<string | null> {
  const [noted] = await db.select().from(paymentReferences).where(eq(paymentReferences.paymentId, paymentId));
  return noted?.reference ?? null;
}

/** Records references of payments. The first reference of a payment stays. */
export async function notePaymentReferences(db: Database, noted: PaymentReference[]): Promise<void> {
  if (noted.length === 0) return;
  const paymentIds = sql.param(noted.map(({ paymentId }) => paymentId));
  const references = sql.param(noted.map(({ reference }) => reference));
  await db.execute(sql`
    insert into payment_references (payment_id, reference)
    select * from unnest(${paymentIds}::text[], ${references}::text[]) as noted (payment_id, reference)
    order by payment_id
    on conflict (payment_id) do nothing`);
}

import { eq, sql } from 'drizzle-orm';
import { paymentReferences } from '../schema';
import type { Database } from '../postgres/database';

export interface PaymentReference {
  paymentId: string;
  /** What the gateway calls the payment. */
  reference: string;
}

/** Null when none was noted. */
export async function readPaymentReference(db: Database, paymentId: string): Promise<string | null> {
  const [noted] = await db.select().from(paymentReferences).where(eq(paymentReferences.paymentId, paymentId));
  return noted?.reference ?? null;
}

/** The first reference of a payment stays. */
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

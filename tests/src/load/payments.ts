import type postgres from 'postgres';

export interface PaymentShown {
  paymentId: string;
  /** The time in milliseconds since the epoch. */
  paidAtMs: number;
}

export async function readPayments(sql: postgres.Sql): Promise<PaymentShown[]> {
  const rows = await sql<{ paymentId: string; at: Date }[]>`
    select payment_id as "paymentId", at from order_events join orders using (order_id)
    where order_events.status = 'PAID' and order_events.payment_status = 'paid'`;
  return rows.map(({ paymentId, at }) => ({ paymentId, paidAtMs: at.getTime() }));
}

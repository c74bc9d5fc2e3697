import type { BeginRefundInput, OrderState, RecordRefundInput } from '@widget-store/workflows/contract';
import { and, eq, inArray, lt, ne, or, sql } from 'drizzle-orm';
import { orders } from '../schema';
import type { Database } from './database';
import { readState } from './settleOrder';

/** A cancelled order that was claimed to be paid becomes `refunding`; one that is refunded already stays so. */
export async function beginRefund(
  db: Database,
  { orderId, claimed, paymentEventId }: BeginRefundInput,
): Promise<OrderState> {
  if (claimed) {
    await db
      .update(orders)
      .set({
        paymentStatus: 'refunding',
        paymentEventId: sql`coalesce(${paymentEventId ?? null}, payment_event_id)`,
        updatedAt: sql`now()`,
      })
      .where(
        and(
          eq(orders.orderId, orderId),
          eq(orders.status, 'CANCELLED'),
          inArray(orders.paymentStatus, ['failed', 'expired', 'cancelled']),
        ),
      );
  }
  return readState(db, orderId);
}

/**
 * A cancelled order becomes `refunded`; one that never asked for a payment has nothing to give back. It shows more later when
 * more has come back: money that was captured even later.
 */
export async function recordRefund(
  db: Database,
  { orderId, refundId, refundedMinor }: RecordRefundInput,
): Promise<OrderState> {
  await db
    .update(orders)
    .set({ paymentStatus: 'refunded', refundId, refundedMinor, refundedAt: sql`now()`, updatedAt: sql`now()` })
    .where(
      and(
        eq(orders.orderId, orderId),
        eq(orders.status, 'CANCELLED'),
        ne(orders.paymentStatus, 'none'),
        or(ne(orders.paymentStatus, 'refunded'), lt(orders.refundedMinor, refundedMinor)),
      ),
    );
  return readState(db, orderId);
}

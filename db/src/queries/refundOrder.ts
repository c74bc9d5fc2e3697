import type { BeginRefundInput, OrderState, RecordRefundInput, RefundCause } from '@widget-store/contract';
import { and, eq, inArray, lt, ne, or, sql } from 'drizzle-orm';
import { orderEvents, orders } from '../schema';
import type { Database } from '../postgres/database';
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

export interface RecordedRefund {
  order: OrderState;
  /** Null when the order had it recorded already, or has nothing to give back. */
  cause: RefundCause | null;
}

/**
 * A cancelled order becomes `refunded`; one that never asked for a payment has nothing to give back. It shows more later when
 * more has come back: money that was captured even later.
 */
export async function recordRefund(
  db: Database,
  { orderId, claimed, refundId, refundedMinor }: RecordRefundInput,
): Promise<RecordedRefund> {
  const [recorded] = await db
    .update(orders)
    .set({ paymentStatus: 'refunded', refundId, refundedMinor, refundedAt: sql`now()`, updatedAt: sql`now()` })
    .where(
      and(
        eq(orders.orderId, orderId),
        eq(orders.status, 'CANCELLED'),
        ne(orders.paymentStatus, 'none'),
        or(ne(orders.paymentStatus, 'refunded'), lt(orders.refundedMinor, refundedMinor)),
      ),
    )
    .returning({
      wasPaid: sql<boolean>`exists (select from ${orderEvents} e where e.order_id = ${orderId} and e.status = 'PAID')`,
    });
  const cause = claimed ? (recorded?.wasPaid ? 'cancelled' : 'late') : 'by_hand';
  return { order: await readState(db, orderId), cause: recorded === undefined ? null : cause };
}

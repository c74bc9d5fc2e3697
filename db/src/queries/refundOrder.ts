import type { BeginRefundInput, OrderState, RecordRefundInput, RefundCause } from '@widget-store/contract';
import { and, eq, inArray, lt, ne, or, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { orderEvents, orders } from '../schema';
import { readState } from './orderState';

/**
 * Sets the payment of a cancelled order to `refunding` if it was reported paid. Does not change a refunded order.
 */
export async function beginRefund(
  db: Database,
  { orderId, reportedPaid, paymentEventId }: BeginRefundInput,
): Promise<OrderState> {
  if (reportedPaid) {
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

interface RecordedRefund {
  order: OrderState;
  /** Null if this refund was recorded before, or if the order has no payment to refund. */
  cause: RefundCause | null;
}

/**
 * Sets the payment of a cancelled order to `refunded`, unless the order never had a payment. A larger amount replaces a
 * smaller one, because money that the gateway captures after a refund is refunded too.
 */
export async function recordRefund(
  db: Database,
  { orderId, reportedPaid, refundId, refundedMinor }: RecordRefundInput,
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
  const cause = reportedPaid ? (recorded?.wasPaid ? 'cancelled' : 'late') : 'by_hand';
  return { order: await readState(db, orderId), cause: recorded === undefined ? null : cause };
}

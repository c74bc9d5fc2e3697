import {
  type CancelOrderInput,
  type MarkPaidInput,
  type OrderRef,
  type OrderState,
  ownRefundId,
  type PaymentStatus,
} from '@widget-store/contract';
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { paidOutside } from '../refunds/paidOutside';
import { orders } from '../schema';
import { paymentStatusOf } from '../schema/paymentStatusOf';
import { lockingProducts } from './lockedProducts';
import { needsOperatorToCancel } from './orders';
import { foundOrder, orderState, readState } from './orderState';

const paymentStatusAfter = {
  payment_failed: 'failed',
  payment_expired: 'expired',
  cancelled: 'cancelled',
} as const satisfies Record<CancelOrderInput['reason'], PaymentStatus>;

/** Changes a PENDING order to PAID. Does not change an order with another status. */
export async function markOrderPaid(db: Database, { orderId, paymentEventId }: MarkPaidInput): Promise<OrderState> {
  const [paid] = await db
    .update(orders)
    .set({
      status: 'PAID',
      paymentStatus: 'paid',
      capturedMinor: sql`${orders.totalMinor}`,
      paymentEventId: paymentEventId ?? null,
      updatedAt: sql`now()`,
    })
    .where(and(eq(orders.orderId, orderId), eq(orders.status, 'PENDING')))
    .returning(orderState);
  return paid ?? readState(db, orderId);
}

/** Changes a PENDING order to CANCELLED and releases its stock. Does not change an order with another status. */
export async function cancelOrder(db: Database, { orderId, reason }: CancelOrderInput): Promise<OrderState> {
  return cancel(db, { orderId, from: 'PENDING', reason });
}

/**
 * Changes a PAID order to CANCELLED and releases its stock. Reserves a refund of the part of the captured amount that
 * is neither refunded, nor disputed, nor paid to the shopper in another way. If only an operator can cancel the order,
 * changes nothing until an operator has asked for the cancellation (`needsOperatorToCancel`).
 */
export async function cancelPaidOrder(db: Database, { orderId }: OrderRef): Promise<OrderState> {
  return cancel(db, { orderId, from: 'PAID', reason: 'cancelled' });
}

interface Cancellation extends CancelOrderInput {
  from: 'PENDING' | 'PAID';
}

/**
 * Cancels an order that has the status `from` and releases its stock, in one statement. If several callers cancel at
 * the same time, only the one that updates the order's row releases the stock. For each product, the statement releases
 * the units of the hold, minus the units that have already come back into stock.
 * - The order is locked first. If another session has locked the order, the statement waits without locking any
 *   product.
 * - Then the products are locked in the sequence of their ids, as in `placeOrder`. The order is updated last. A
 *   concurrent `placeOrder` with the same key first locks the products, and then waits for an uncommitted update of the
 *   order. If this statement updated the order before it locked the products, the two statements could deadlock.
 * - If the order has changed since the statement's snapshot, the statement changes nothing, and `cancel` repeats it.
 *   Without this check, the statement would also release units that have come back into stock since the snapshot.
 *
 * @returns the current state of the order, even if another call has changed it
 * @throws StoreError `ProductBusy` while another session has locked one of its products
 */
async function cancel(db: Database, cancellation: Cancellation): Promise<OrderState> {
  for (;;) {
    const cancelled = await tryToCancel(db, cancellation);
    if (cancelled !== undefined) return cancelled;
    const [found] = await db
      .select({ ...orderState, needsOperatorToCancel })
      .from(orders)
      .where(eq(orders.orderId, cancellation.orderId));
    const { needsOperatorToCancel: isRefused, ...order } = foundOrder(found);
    // If the status is still `from`, the statement did nothing, because another change of the order, for example a tick
    // or a refund, was committed meanwhile. The loop then tries again.
    if (isRefused || order.status !== cancellation.from) return order;
  }
}

async function tryToCancel(db: Database, { orderId, from, reason }: Cancellation): Promise<OrderState | undefined> {
  const products = sql`select product_id from order_items where order_id = ${orderId}`;
  const after = {
    capturedMinor: sql`captured_minor`,
    refundedMinor: sql`(refunded_minor + left_minor)`,
    refundingMinor: sql`(refunding_minor + left_minor)`,
  };
  const settle = () =>
    db.execute<CancelledRow>(sql`
    with chosen as (
      select order_id, case when exists (select 1 from refunds where refund_id = ${ownRefundId(orderId)} and status <> 'failed')
        then 0 else greatest(captured_minor - refunded_minor - disputed_minor - ${paidOutside}, 0) end as left_minor
      from orders
      where order_id = ${orderId} and status = ${from}
        and version = (select version from orders where order_id = ${orderId}) and not ${needsOperatorToCancel}
      for no key update
    ), hold as (
      select product_id, order_id, -sum(quantity) as quantity from stock_movements join chosen using (order_id)
      group by product_id, order_id having sum(quantity) < 0
    ), locked as (
      select product_id from products where product_id in (select product_id from hold) order by product_id for update
    ), cancelled as (
      update orders
      set status = 'CANCELLED', cancel_reason = ${reason}, refunded_minor = refunded_minor + left_minor,
        refunding_minor = refunding_minor + left_minor, updated_at = now(),
        payment_status = case when captured_minor = 0 then ${paymentStatusAfter[reason]} else ${paymentStatusOf(after)} end
      from chosen
      -- The count forces Postgres to lock all products before it updates the order.
      where orders.order_id = chosen.order_id and (select count(*) from locked) >= 0
      returning orders.order_id, status, payment_status, cancel_reason, payment_id, left_minor
    ), refund as (
      insert into refunds (refund_id, order_id, amount_minor, status, source)
      select ${ownRefundId(orderId)}, order_id, left_minor, 'pending', 'cancellation' from cancelled where left_minor > 0
      -- The refund's row can exist already, if a restore of Postgres has undone an earlier cancellation. The reconciler
      -- has then recorded the failed refund of that cancellation.
      on conflict (refund_id) do update
      set amount_minor = excluded.amount_minor, status = 'pending', gateway_refund_id = null, settled_by = null,
        updated_at = now()
    ), returned as (
      update products set inventory = inventory + hold.quantity
      from cancelled join hold using (order_id) join locked using (product_id) where products.product_id = hold.product_id
      returning hold.product_id, hold.order_id, hold.quantity
    ), released as (
      insert into stock_movements (product_id, order_id, kind, quantity)
      select product_id, order_id, 'release', quantity from returned
    )
    select status, payment_status as "paymentStatus", cancel_reason as "cancelReason", payment_id as "paymentId"
    from cancelled`);
  const [cancelled] = await lockingProducts(db, products, settle);
  return cancelled;
}

/** Drizzle requires a type that allows any column. */
type CancelledRow = OrderState & Record<string, unknown>;

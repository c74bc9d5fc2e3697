import type { CancelOrderInput, MarkPaidInput, OrderRef, OrderState, PaymentStatus } from '@widget-store/contract';
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { orders } from '../schema';
import { lockingProducts } from './lockedProducts';
import { orderState, readState } from './orderState';

const paymentStatusAfter = {
  payment_failed: 'failed',
  payment_expired: 'expired',
  cancelled: 'cancelled',
} as const satisfies Record<CancelOrderInput['reason'], PaymentStatus>;

/** Changes a PENDING order to PAID. Does not change an order with another status. */
export async function markOrderPaid(db: Database, { orderId, paymentEventId }: MarkPaidInput): Promise<OrderState> {
  const [paid] = await db
    .update(orders)
    .set({ status: 'PAID', paymentStatus: 'paid', paymentEventId: paymentEventId ?? null, updatedAt: sql`now()` })
    .where(and(eq(orders.orderId, orderId), eq(orders.status, 'PENDING')))
    .returning(orderState);
  return paid ?? readState(db, orderId);
}

/** Changes a PENDING order to CANCELLED and releases its hold. Does not change an order with another status. */
export async function cancelOrder(db: Database, { orderId, reason }: CancelOrderInput): Promise<OrderState> {
  return cancel(db, { orderId, from: 'PENDING', reason, paymentStatus: paymentStatusAfter[reason] });
}

/** Changes a PAID order to CANCELLED, releases its hold, and sets its payment to `refunding`. */
export async function cancelPaidOrder(db: Database, { orderId }: OrderRef): Promise<OrderState> {
  return cancel(db, { orderId, from: 'PAID', reason: 'cancelled', paymentStatus: 'refunding' });
}

interface Cancellation extends CancelOrderInput {
  from: 'PENDING' | 'PAID';
  paymentStatus: PaymentStatus;
}

/**
 * Cancels an order that has the status `from` and releases its hold, in one statement. If several callers cancel at the same
 * time, only the one that updates the order's row releases the hold. The release has exactly the quantities of the hold.
 * - The order is locked first. If another session has locked the order, the statement waits without locking any product.
 * - Then the products are locked in the sequence of their ids, as in `placeOrder`. Only then is the order updated. If the
 *   products were locked after the update, the statement could deadlock with `placeOrder` for the same key, which waits for
 *   the update but not for the lock of the order.
 *
 * @returns the current state of the order, even if another call has changed it
 * @throws StoreError `ProductBusy` while another session has locked one of its products
 */
async function cancel(db: Database, { orderId, from, reason, paymentStatus }: Cancellation): Promise<OrderState> {
  const products = sql`select product_id from order_items where order_id = ${orderId}`;
  const settle = () =>
    db.execute<CancelledRow>(sql`
    with chosen as (
      select order_id from orders where order_id = ${orderId} and status = ${from} for no key update
    ), hold as (
      select product_id, order_id, -quantity as quantity from stock_movements join chosen using (order_id)
      where kind = 'hold'
    ), locked as (
      select product_id from products where product_id in (select product_id from hold) order by product_id for update
    ), cancelled as (
      update orders
      set status = 'CANCELLED', payment_status = ${paymentStatus}, cancel_reason = ${reason}, updated_at = now()
      -- The count makes sure that all products are locked first.
      where order_id = ${orderId} and status = ${from} and (select count(*) from locked) >= 0
      returning order_id, status, payment_status, cancel_reason, payment_id
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
  return cancelled ?? readState(db, orderId);
}

/** Drizzle requires a type that allows any column. */
type CancelledRow = OrderState & Record<string, unknown>;

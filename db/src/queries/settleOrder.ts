import {
  type CancelOrderInput,
  failureTypes,
  type MarkPaidInput,
  type OrderRef,
  type OrderState,
  type PaymentStatus,
} from '@widget-store/contract';
import { and, eq, sql } from 'drizzle-orm';
import { StoreError } from '../errors';
import { orders } from '../schema';
import type { Database } from '../postgres/database';

const paymentStatusAfter = {
  payment_failed: 'failed',
  payment_expired: 'expired',
  cancelled: 'cancelled',
} as const satisfies Record<CancelOrderInput['reason'], PaymentStatus>;

/** The columns of an `OrderState`. */
export const orderState = {
  status: orders.status,
  paymentStatus: orders.paymentStatus,
  cancelReason: orders.cancelReason,
  paymentId: orders.paymentId,
};

/** PENDING becomes PAID; an order that is anything else stays as it is and is answered as it is. */
export async function markOrderPaid(db: Database, { orderId, paymentEventId }: MarkPaidInput): Promise<OrderState> {
  const [paid] = await db
    .update(orders)
    .set({ status: 'PAID', paymentStatus: 'paid', paymentEventId: paymentEventId ?? null, updatedAt: sql`now()` })
    .where(and(eq(orders.orderId, orderId), eq(orders.status, 'PENDING')))
    .returning(orderState);
  return paid ?? readState(db, orderId);
}

/** PENDING becomes CANCELLED and what the order held goes back. */
export async function cancelOrder(db: Database, { orderId, reason }: CancelOrderInput): Promise<OrderState> {
  return cancel(db, { orderId, from: 'PENDING', reason, paymentStatus: paymentStatusAfter[reason] });
}

/** PAID becomes CANCELLED, what the order held goes back, and its money is to go back too. */
export async function cancelPaidOrder(db: Database, { orderId }: OrderRef): Promise<OrderState> {
  return cancel(db, { orderId, from: 'PAID', reason: 'cancelled', paymentStatus: 'refunding' });
}

interface Cancellation extends CancelOrderInput {
  from: 'PENDING' | 'PAID';
  paymentStatus: PaymentStatus;
}

/**
 * Cancels an order that stands where it is said to and releases its hold, in one statement: the transition of the row
 * decides who does it, and the release is of exactly what the hold took. Products are locked first and in id order, as a
 * reservation does it, whose key may turn out to be this order's: the other way round, the two would wait for each other.
 *
 * @returns where the order stands now, whoever moved it
 */
async function cancel(db: Database, { orderId, from, reason, paymentStatus }: Cancellation): Promise<OrderState> {
  const [cancelled] = await db.execute<CancelledRow>(sql`
    with hold as (
      select product_id, order_id, -quantity as quantity from stock_movements join orders using (order_id)
      where order_id = ${orderId} and kind = 'hold' and status = ${from}
    ), locked as (
      select product_id from products where product_id in (select product_id from hold) order by product_id for update
    ), cancelled as (
      update orders
      set status = 'CANCELLED', payment_status = ${paymentStatus}, cancel_reason = ${reason}, updated_at = now()
      -- Counted so that all of them are locked by then.
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
  return cancelled ?? readState(db, orderId);
}

/** Drizzle wants a type that may have any column. */
type CancelledRow = OrderState & Record<string, unknown>;

/** @throws StoreError `OrderNotFound` */
export async function readState(db: Database, orderId: string): Promise<OrderState> {
  const [order] = await db.select(orderState).from(orders).where(eq(orders.orderId, orderId));
  if (order === undefined) throw new StoreError(failureTypes.orderNotFound, 'There is no such order.');
  return order;
}

import { failureTypes, type OrderState } from '@widget-store/contract';
import { eq } from 'drizzle-orm';
import { StoreError } from '../errors';
import type { Database } from '../postgres/database';
import { orders } from '../schema';

export const orderState = {
  status: orders.status,
  paymentStatus: orders.paymentStatus,
  cancelReason: orders.cancelReason,
  paymentId: orders.paymentId,
};

/** @throws StoreError `OrderNotFound` */
export async function readState(db: Database, orderId: string): Promise<OrderState> {
  const [order] = await db.select(orderState).from(orders).where(eq(orders.orderId, orderId));
  return foundOrder(order);
}

/** @throws StoreError `OrderNotFound` if `order` is undefined */
export function foundOrder<Order>(order: Order | undefined): Order {
  if (order === undefined) throw new StoreError(failureTypes.orderNotFound, 'There is no such order.');
  return order;
}

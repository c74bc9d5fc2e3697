import type { OrderRef, OrderState } from '@widget-store/contract';
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { orders } from '../schema';
import { foundOrder, orderState } from './orderState';

interface DispatchProgress extends OrderState {
  progressRemaining: number;
}

const progress = { ...orderState, progressRemaining: orders.progressRemaining };

/** @throws StoreError `OrderNotFound` */
export async function readDispatchProgress(db: Database, { orderId }: OrderRef): Promise<DispatchProgress> {
  const [order] = await db.select(progress).from(orders).where(eq(orders.orderId, orderId));
  return foundOrder(order);
}

/**
 * Changes the progress from `from` to `from - 1`. At 0, the order becomes DISPATCHED. The statement is a
 * compare-and-set, so two executions of `dispatchOrder` cannot make the same tick twice.
 *
 * @returns the current progress of the order, even if another call has changed it
 */
export async function tickDispatch(
  db: Database,
  { orderId, from }: { orderId: string; from: number },
): Promise<DispatchProgress> {
  const [ticked] = await db
    .update(orders)
    .set({ progressRemaining: from - 1, status: from === 1 ? 'DISPATCHED' : 'PAID', updatedAt: sql`now()` })
    .where(and(eq(orders.orderId, orderId), eq(orders.status, 'PAID'), eq(orders.progressRemaining, from)))
    .returning(progress);
  return ticked ?? readDispatchProgress(db, { orderId });
}

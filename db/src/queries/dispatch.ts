import { failureTypes, type OrderRef, type OrderState } from '@widget-store/contract';
import { and, eq, sql } from 'drizzle-orm';
import { StoreError } from '../errors';
import { orders } from '../schema';
import type { Database } from '../postgres/database';
import { orderState } from './settleOrder';

export interface DispatchProgress extends OrderState {
  progressRemaining: number;
}

const progress = { ...orderState, progressRemaining: orders.progressRemaining };

export async function readDispatchProgress(db: Database, { orderId }: OrderRef): Promise<DispatchProgress> {
  const [order] = await db.select(progress).from(orders).where(eq(orders.orderId, orderId));
  if (order === undefined) throw new StoreError(failureTypes.orderNotFound, 'There is no such order.');
  return order;
}

/**
 * One tick, compare-and-set: it moves the order from `from` to `from - 1` and at 0 to DISPATCHED, or does nothing when
 * somebody else has moved it. Two copies of a dispatch therefore cannot tick twice.
 *
 * @returns where the order stands now, whoever moved it
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

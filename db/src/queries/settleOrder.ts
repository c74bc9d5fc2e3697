import {
  type CancelOrderInput,
  failureTypes,
  type OrderRef,
  type OrderState,
  type PaymentStatus,
} from '@widget-store/workflows/contract';
import { and, asc, eq, sql } from 'drizzle-orm';
import { StoreError } from '../errors';
import { orders, products, stockMovements } from '../schema';
import type { Database } from './database';

const paymentStatusAfter = {
  payment_failed: 'failed',
  payment_expired: 'expired',
  cancelled: 'cancelled',
} as const satisfies Record<CancelOrderInput['reason'], PaymentStatus>;

const isPending = (orderId: string) => and(eq(orders.orderId, orderId), eq(orders.status, 'PENDING'));

/** PENDING becomes PAID; an order that is anything else stays as it is and is answered as it is. */
export async function markOrderPaid(db: Database, { orderId }: OrderRef): Promise<OrderState> {
  const [paid] = await db
    .update(orders)
    .set({ status: 'PAID', paymentStatus: 'paid', updatedAt: sql`now()` })
    .where(isPending(orderId))
    .returning({ status: orders.status });
  return paid ?? readState(db, orderId);
}

/** PENDING becomes CANCELLED, and what the order held goes back, once: the transition of the row is the lock. */
export async function cancelOrder(db: Database, { orderId, reason }: CancelOrderInput): Promise<OrderState> {
  return db.transaction(async (tx) => {
    const [cancelled] = await tx
      .update(orders)
      .set({
        status: 'CANCELLED',
        paymentStatus: paymentStatusAfter[reason],
        cancelReason: reason,
        updatedAt: sql`now()`,
      })
      .where(isPending(orderId))
      .returning({ status: orders.status });
    if (cancelled === undefined) return readState(tx, orderId);
    await releaseHold(tx, orderId);
    return cancelled;
  });
}

/** Gives back exactly what the order's hold took, product by product in id order so that two carts cannot deadlock. */
async function releaseHold(tx: Database, orderId: string): Promise<void> {
  const held = await tx
    .select({ productId: stockMovements.productId, quantity: stockMovements.quantity })
    .from(stockMovements)
    .where(and(eq(stockMovements.orderId, orderId), eq(stockMovements.kind, 'hold')))
    .orderBy(asc(stockMovements.productId));
  for (const { productId, quantity } of held) {
    const [release] = await tx
      .insert(stockMovements)
      .values({ productId, orderId, kind: 'release', quantity: -quantity })
      .onConflictDoNothing()
      .returning({ quantity: stockMovements.quantity });
    if (release === undefined) continue;
    await tx
      .update(products)
      .set({ inventory: sql`${products.inventory} + ${release.quantity}` })
      .where(eq(products.productId, productId));
  }
}

async function readState(db: Database, orderId: string): Promise<OrderState> {
  const [order] = await db.select({ status: orders.status }).from(orders).where(eq(orders.orderId, orderId));
  if (order === undefined) throw new StoreError(failureTypes.orderNotFound, 'There is no such order.');
  return order;
}

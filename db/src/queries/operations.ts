import type { OrderStatus } from '@widget-store/workflows/contract';
import { and, asc, count, desc, eq, lt, lte, or } from 'drizzle-orm';
import { orderEvents, orders, stockMovements } from '../schema';
import type { Database } from './database';
import { type OrderPage, type OrderRow, readOrder, readOrders } from './orders';

/** Which orders an engineer wants to see. */
export interface OrderSearch {
  limit: number;
  /** The whole text of an order id, a payment id or an idempotency key. */
  query?: string | undefined;
  status?: OrderStatus | undefined;
  before?: number | undefined;
}

/** All that Postgres has kept of one order, each list in the order in which it happened. */
export interface OrderRecord {
  order: OrderRow;
  events: Omit<typeof orderEvents.$inferSelect, 'orderId'>[];
  movements: Pick<typeof stockMovements.$inferSelect, 'productId' | 'kind' | 'quantity' | 'createdAt'>[];
}

export interface StatusCount {
  status: OrderStatus;
  count: number;
}

/** Newest first. Each of the three ids has an index of its own; a page is found through the one on `sequence`. */
export async function searchOrders(db: Database, { limit, query, status, before }: OrderSearch): Promise<OrderPage> {
  const found = await db
    .select({ orderId: orders.orderId, sequence: orders.sequence })
    .from(orders)
    .where(
      and(
        query === undefined
          ? undefined
          : or(eq(orders.orderId, query), eq(orders.paymentId, query), eq(orders.idempotencyKey, query)),
        status === undefined ? undefined : eq(orders.status, status),
        before === undefined ? undefined : lt(orders.sequence, before),
      ),
    )
    .orderBy(desc(orders.sequence))
    .limit(limit + 1);
  const page = found.slice(0, limit);
  const rows = await readOrders(
    db,
    page.map(({ orderId }) => orderId),
  );
  const byId = new Map(rows.map((order) => [order.orderId, order]));
  return {
    orders: page.map(({ orderId }) => byId.get(orderId)).filter((order) => order !== undefined),
    nextBefore: found.length > limit ? page.at(-1)?.sequence : undefined,
  };
}

export async function readOrderRecord(db: Database, orderId: string): Promise<OrderRecord | undefined> {
  const order = await readOrder(db, orderId);
  if (order === undefined) return undefined;
  const events = await db
    .select({
      version: orderEvents.version,
      status: orderEvents.status,
      paymentStatus: orderEvents.paymentStatus,
      paymentEventId: orderEvents.paymentEventId,
      at: orderEvents.at,
    })
    .from(orderEvents)
    // Not what happened since the order was read: both are to tell of the same moment.
    .where(and(eq(orderEvents.orderId, orderId), lte(orderEvents.version, order.version)))
    .orderBy(asc(orderEvents.version));
  const movements = await db
    .select({
      productId: stockMovements.productId,
      kind: stockMovements.kind,
      quantity: stockMovements.quantity,
      createdAt: stockMovements.createdAt,
    })
    .from(stockMovements)
    .where(eq(stockMovements.orderId, orderId))
    .orderBy(asc(stockMovements.movementId));
  return { order, events, movements };
}

/** Reads every order: ask for it every few seconds at most. */
export function countOrders(db: Database): Promise<StatusCount[]> {
  return db.select({ status: orders.status, count: count() }).from(orders).groupBy(orders.status);
}

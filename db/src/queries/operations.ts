import type { OrderStatus } from '@widget-store/contract';
import { and, asc, desc, eq, lt, lte, ne, or, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { orderEvents, orders, stockMovements } from '../schema';
import { type OrderPage, type OrderRow, readOrder, readOrders } from './orders';

/** Which orders to list: all, or those that match every given field. */
export interface OrderSearch {
  limit: number;
  /** A complete order id, payment id or idempotency key. */
  query?: string | undefined;
  status?: OrderStatus | undefined;
  /** Only orders with a smaller `sequence`. */
  before?: number | undefined;
}

/** One order with its events and stock movements, each list in the order in which they happened. */
export interface OrderRecord {
  order: OrderRow;
  events: Omit<typeof orderEvents.$inferSelect, 'orderId'>[];
  movements: Pick<typeof stockMovements.$inferSelect, 'productId' | 'kind' | 'quantity' | 'createdAt'>[];
}

/** How many orders there are of each status. */
export interface OrderCounts extends Record<OrderStatus, number> {
  /** DISPATCHED and CANCELLED are counted among this many of the newest orders; null when they are counted among all. */
  newest: number | null;
}

/** Orders, newest first. Each of the three ids has its own index; a page uses the index on `sequence`. */
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
    // The status of an order may have changed since its id was found.
    orders: page
      .map(({ orderId }) => byId.get(orderId))
      .filter((order) => order !== undefined)
      .filter((order) => status === undefined || order.status === status),
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
    // Without the events that came after the order was read, so that both show the same moment.
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
    // The same for the release, which is one transaction with the cancellation.
    .where(
      and(
        eq(stockMovements.orderId, orderId),
        order.status === 'CANCELLED' ? undefined : ne(stockMovements.kind, 'release'),
      ),
    )
    .orderBy(asc(stockMovements.movementId));
  return { order, events, movements };
}

const newest = 10_000;

/**
 * The operations page polls this every few seconds, so its cost must not depend on the number of orders. It is one
 * statement: between two, an order could change its status and be in neither count.
 */
export async function countOrders(db: Database): Promise<OrderCounts> {
  // Unfinished orders are few and have their own index, which the planner uses for a condition without parameters.
  const [counts] = await db.execute<Record<Exclude<keyof OrderCounts, 'newest'> | 'seen', number>>(sql`
    select * from (
      select count(*) filter (where status = 'PENDING')::int as "PENDING", count(*) filter (where status = 'PAID')::int as "PAID"
      from orders where status in ('PENDING', 'PAID')
    ) as unfinished, (
      select count(*) filter (where status = 'DISPATCHED')::int as "DISPATCHED",
        count(*) filter (where status = 'CANCELLED')::int as "CANCELLED", count(*)::int as seen
      from (select status from orders order by sequence desc limit ${newest}) as recent
    ) as ended`);
  const { seen = 0, PENDING = 0, PAID = 0, DISPATCHED = 0, CANCELLED = 0 } = counts ?? {};
  return { PENDING, PAID, DISPATCHED, CANCELLED, newest: seen < newest ? null : newest };
}

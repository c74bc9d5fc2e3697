import type { OrderStatus } from '@widget-store/contract';
import { and, asc, desc, eq, lt, lte, ne, or, sql } from 'drizzle-orm';
import { orderEvents, orders, stockMovements } from '../schema';
import type { Database } from '../postgres/database';
import { type OrderPage, type OrderRow, readOrder, readOrders } from './orders';

/** Which orders somebody wants to see: all of them, unless they are narrowed down. */
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

/** How many orders there are of each status. */
export interface OrderCounts extends Record<OrderStatus, number> {
  /** DISPATCHED and CANCELLED are counted among this many of the newest orders; null when among all there are. */
  newest: number | null;
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
    // An order may have got another status since its id was found.
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
    // A release that came since then, too: it is one transaction with the cancellation.
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
 * Costs the same however many orders there are: pages ask for it every few seconds. One statement, or an order that moves on
 * between two would be in no count.
 */
export async function countOrders(db: Database): Promise<OrderCounts> {
  // All of those that are not over: they are few, and an index has just them. Without parameters, or it is not used.
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

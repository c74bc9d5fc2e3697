import { type DisputeStatus, type OrderStatus, searchedSequence } from '@widget-store/contract';
import { and, asc, desc, eq, gt, inArray, lt, min, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { buyers, disputes, orderEvents, orders } from '../schema';
import { isBuyerCalled } from './buyers';
import { isToShip, type OrderPage, readOrders } from './orders';

/** The filter of a list of orders. An order must match every given field. */
export interface OrderSearch {
  limit: number;
  /** A complete order number, order id, payment id or idempotency key. */
  query?: string | undefined;
  /** A text as for `query`, or the e-mail address of a buyer, or words of a buyer's name. */
  text?: string | undefined;
  status?: OrderStatus | undefined;
  /** Only orders that wait for an operator to ship them, oldest first. */
  toShip?: boolean | undefined;
  /** Only orders that were placed at this time or later. */
  placedFrom?: Date | undefined;
  /** Only orders that were placed before this time. */
  placedBefore?: Date | undefined;
  /**
   * The `nextBefore` of the previous page. Selects the orders with a smaller `sequence`, or with a greater `sequence`
   * if `toShip` is set.
   */
  before?: number | undefined;
}

/**
 * Lists orders, newest first unless `toShip` is set. A search for an id uses the index of that id, and a page uses the
 * index on `sequence`.
 */
export async function searchOrders(db: Database, search: OrderSearch): Promise<OrderPage> {
  const { limit, query, text, status, toShip = false, placedFrom, placedBefore, before } = search;
  const found = await db
    .select({ orderId: orders.orderId, sequence: orders.sequence })
    .from(orders)
    .where(
      and(
        query === undefined ? undefined : isCalled(query),
        text === undefined ? undefined : isFoundBy(text),
        status === undefined ? undefined : eq(orders.status, status),
        toShip ? isToShip : undefined,
        placedFrom === undefined ? undefined : isPlacedFrom(placedFrom),
        placedBefore === undefined ? undefined : isPlacedBefore(placedBefore),
        before === undefined ? undefined : (toShip ? gt : lt)(orders.sequence, before),
      ),
    )
    .orderBy((toShip ? asc : desc)(orders.sequence))
    .limit(limit + 1);
  const page = found.slice(0, limit);
  const rows = await readOrders(
    db,
    page.map(({ orderId }) => orderId),
  );
  const byId = new Map(rows.map((order) => [order.orderId, order]));
  return {
    // Filters by the status again, because the status of an order can have changed since its id was found.
    orders: page
      .map(({ orderId }) => byId.get(orderId))
      .filter((order) => order !== undefined)
      .filter((order) => status === undefined || order.status === status)
      .filter((order) => !toShip || order.status === 'PAID'),
    nextBefore: found.length > limit ? page.at(-1)?.sequence : undefined,
  };
}

/** Reads when the store recorded the payments of orders. Leaves out orders without a payment. */
export async function readPaymentTimes(db: Database, orderIds: string[]): Promise<Map<string, Date>> {
  const rows = await db
    .select({ orderId: orderEvents.orderId, paidAt: min(orderEvents.at) })
    .from(orderEvents)
    .where(
      and(
        inArray(orderEvents.orderId, orderIds),
        inArray(orderEvents.paymentStatus, ['paid', 'refunding', 'partially_refunded', 'refunded']),
      ),
    )
    .groupBy(orderEvents.orderId);
  return new Map(rows.flatMap(({ orderId, paidAt }) => (paidAt === null ? [] : [[orderId, paidAt]])));
}

/** Reads the statuses of the disputes of orders, the oldest dispute first. Leaves out orders without a dispute. */
export async function readDisputeStatuses(db: Database, orderIds: string[]): Promise<Map<string, DisputeStatus[]>> {
  const rows = await db
    .select({
      orderId: disputes.orderId,
      statuses: sql<DisputeStatus[]>`json_agg(${disputes.status} order by ${disputes.openedAt}, ${disputes.disputeId})`,
    })
    .from(disputes)
    .where(inArray(disputes.orderId, orderIds))
    .groupBy(disputes.orderId);
  return new Map(rows.map(({ orderId, statuses }) => [orderId, statuses]));
}

/**
 * Two orders that are placed at almost the same time can have sequence numbers that contradict their times. The order
 * with the smallest sequence number of a period is therefore not always the earliest, but it is one of the earliest
 * `maxOutOfOrder` orders. The order with the greatest sequence number is one of the latest `maxOutOfOrder` orders.
 */
const maxOutOfOrder = 1000;

/*
 * The conditions on `sequence` follow from those on `created_at`. Without the conditions on `sequence`, the planner
 * would walk the index on `sequence` from the newest order of the store to the newest order of the period.
 */
function isPlacedFrom(from: Date): SQL {
  const isIn = sql`created_at >= ${from.toISOString()}::timestamptz`;
  return sql`${isIn} and sequence >= (select min(sequence) from (
    select sequence from ${orders} where ${isIn} order by created_at limit ${maxOutOfOrder}) as first)`;
}

function isPlacedBefore(end: Date): SQL {
  const isIn = sql`created_at < ${end.toISOString()}::timestamptz`;
  return sql`${isIn} and sequence <= (select max(sequence) from (
    select sequence from ${orders} where ${isIn} order by created_at desc limit ${maxOutOfOrder}) as last)`;
}

/** Whether an order has this number (with or without its check symbols), id, payment id or idempotency key. */
function isCalled(query: string): SQL | undefined {
  const sequence = searchedSequence(query);
  return or(
    eq(orders.orderId, query),
    eq(orders.paymentId, query),
    eq(orders.idempotencyKey, query),
    sequence === undefined ? undefined : eq(orders.sequence, sequence),
  );
}

/**
 * Whether the text identifies the order (`isCalled`) or its buyer (`isBuyerCalled`). Because the ids are collected in
 * an array, Postgres uses the index of each condition.
 */
function isFoundBy(text: string): SQL {
  return sql`${orders.orderId} = any(array(
    select order_id from ${orders} where ${isCalled(text)}
    union all select order_id from ${buyers} where ${isBuyerCalled(text)}))`;
}

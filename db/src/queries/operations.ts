import type { OrderStatus } from '@widget-store/contract';
import { and, asc, eq, lte, ne, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { disputes, operatorActions, orderEvents, stockMovements } from '../schema';
import { type BuyerRow, readBuyer } from './buyers';
import { isReadyWithPieces, isToShip, type OrderRow, readOrder } from './orders';

/** An order and everything that the store has recorded about it. Each list is sorted by time. */
export interface OrderRecord {
  order: OrderRow;
  events: Omit<typeof orderEvents.$inferSelect, 'orderId'>[];
  movements: Pick<
    typeof stockMovements.$inferSelect,
    'productId' | 'kind' | 'quantity' | 'note' | 'requestedBy' | 'createdAt'
  >[];
  disputes: Omit<typeof disputes.$inferSelect, 'orderId'>[];
  /** What operators did, except the refunds that they requested and the units that they booked in. */
  actions: Pick<typeof operatorActions.$inferSelect, 'kind' | 'operator' | 'subject' | 'note' | 'at'>[];
  /** Null if the order has no buyer. If the buyer is erased, the row has no personal data. */
  buyer: BuyerRow | null;
}

export interface OrderCounts extends Record<OrderStatus, number> {
  /**
   * The counts of DISPATCHED, CANCELLED and fully returned PAID orders cover only this number of the newest orders.
   * Null if they cover all orders.
   */
  newest: number | null;
  /** How many of the PAID orders an operator must ship. */
  toShip: number;
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
    // Leaves out events that were recorded after the order was read, so that the last event agrees with `order`.
    .where(and(eq(orderEvents.orderId, orderId), lte(orderEvents.version, order.version)))
    .orderBy(asc(orderEvents.version));
  const refundIds = order.refunds.map(({ refundId }) => refundId);
  const movements = await db
    .select({
      productId: stockMovements.productId,
      kind: stockMovements.kind,
      quantity: stockMovements.quantity,
      note: stockMovements.note,
      requestedBy: stockMovements.requestedBy,
      createdAt: stockMovements.createdAt,
    })
    .from(stockMovements)
    // Leaves out a release, and returns by refunds, if they were recorded after the order was read. The release is
    // committed together with the status CANCELLED, so it is left out unless `order` is CANCELLED. A return by a refund
    // is committed together with this refund, so it is left out unless `order` has the refund. Only a return without a
    // refund can be newer than `order`.
    .where(
      and(
        eq(stockMovements.orderId, orderId),
        order.status === 'CANCELLED' ? undefined : ne(stockMovements.kind, 'release'),
        sql`(${stockMovements.refundId} is null or ${stockMovements.refundId} = any(${sql.param(refundIds)}::text[]))`,
      ),
    )
    .orderBy(asc(stockMovements.movementId));
  const ofOrder = await db
    .select({
      disputeId: disputes.disputeId,
      amountMinor: disputes.amountMinor,
      status: disputes.status,
      reason: disputes.reason,
      gatewayDisputeId: disputes.gatewayDisputeId,
      openedAt: disputes.openedAt,
      updatedAt: disputes.updatedAt,
    })
    .from(disputes)
    .where(eq(disputes.orderId, orderId))
    .orderBy(asc(disputes.openedAt), asc(disputes.disputeId));
  const actions = await db
    .select({
      kind: operatorActions.kind,
      operator: operatorActions.operator,
      subject: operatorActions.subject,
      note: operatorActions.note,
      at: operatorActions.at,
    })
    .from(operatorActions)
    .where(eq(operatorActions.orderId, orderId))
    .orderBy(asc(operatorActions.actionId));
  const buyer = (await readBuyer(db, { orderId })) ?? null;
  return { order, events, movements, disputes: ofOrder, actions, buyer };
}

const newest = 10_000;

/**
 * Counts the orders. The operations page polls the counts every few seconds, so their cost must not depend on the
 * number of orders. One statement counts everything. With two statements, an order that changes its status between them
 * could be missing in both counts.
 */
export async function countOrders(db: Database): Promise<OrderCounts> {
  // Two partial indexes contain the few orders that are unfinished or wait to be shipped. The planner uses a partial
  // index only for a condition without parameters.
  const [counts] = await db.execute<
    Record<Exclude<keyof OrderCounts, 'newest'> | 'seen' | 'ready' | 'returned', number>
  >(sql`
    select * from (
      select count(*) filter (where status = 'PENDING')::int as "PENDING", count(*) filter (where status = 'PAID')::int as "PAID"
      from orders where status in ('PENDING', 'PAID') and ready_at is null
    ) as unfinished, (
      select count(*)::int as ready, count(*) filter (where ${isToShip})::int as "toShip" from orders where ${isReadyWithPieces}
    ) as ready, (
      select count(*) filter (where status = 'DISPATCHED')::int as "DISPATCHED",
        count(*) filter (where status = 'CANCELLED')::int as "CANCELLED",
        count(*) filter (where status = 'PAID' and ready_at is not null and all_returned)::int as returned,
        count(*)::int as seen
      from (select status, ready_at, all_returned from orders order by sequence desc limit ${newest}) as recent
    ) as ended`);
  const {
    seen = 0,
    PENDING = 0,
    PAID: unready = 0,
    ready = 0,
    toShip = 0,
    returned = 0,
    DISPATCHED = 0,
    CANCELLED = 0,
  } = counts ?? {};
  const PAID = unready + ready + returned;
  return { PENDING, PAID, DISPATCHED, CANCELLED, newest: seen < newest ? null : newest, toShip };
}

import type { ComparisonName, OrderStatus, PaymentStatus } from '@widget-store/contract';
import { and, asc, desc, eq, gt, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import type { MergedDispute } from '../refunds/mergeLedger';
import type { MergedRefund } from '../refunds/mergeRefunds';
import { comparisons, disputes, orders, refunds } from '../schema';
import { isReadyToShip } from './orders';

/** The parts of an order that the reconciler compares. Ages are by the database's clock. */
export interface OrderFacts {
  orderId: string;
  idempotencyKey: string;
  paymentId: string | null;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  paymentEventId: string | null;
  totalMinor: number;
  currency: string;
  /**
   * Whether the paid order waits for an operator, so that no run has to continue it. This is also true if all of its
   * pieces are back in stock.
   */
  isReadyToShip: boolean;
  capturedMinor: number;
  refundedMinor: number;
  /** All refunds of the order, with any status. */
  refunds: Pick<MergedRefund, 'refundId' | 'amountMinor' | 'status' | 'gatewayRefundId' | 'settledBy'>[];
  disputes: Pick<MergedDispute, 'gatewayDisputeId' | 'status' | 'amountMinor'>[];
  /** Milliseconds since the order's last change. */
  unchangedMs: number;
  /** The milliseconds since the end of the payment window; negative before the end. */
  overdueMs: number;
}

const elapsedMs = (moment: typeof orders.updatedAt | typeof orders.expiresAt) =>
  sql<number>`floor(extract(epoch from now() - ${moment}) * 1000)::float8`;

const facts = {
  orderId: orders.orderId,
  idempotencyKey: orders.idempotencyKey,
  paymentId: orders.paymentId,
  status: orders.status,
  paymentStatus: orders.paymentStatus,
  paymentEventId: orders.paymentEventId,
  totalMinor: orders.totalMinor,
  currency: orders.currency,
  isReadyToShip: sql<boolean>`(${isReadyToShip})`,
  capturedMinor: orders.capturedMinor,
  refundedMinor: orders.refundedMinor,
  refunds: sql<OrderFacts['refunds']>`(
    select coalesce(json_agg(json_build_object('refundId', refund_id, 'amountMinor', amount_minor, 'status', status,
      'gatewayRefundId', gateway_refund_id, 'settledBy', settled_by)), '[]')
    from ${refunds} where refunds.order_id = orders.order_id)`,
  disputes: sql<OrderFacts['disputes']>`(
    select coalesce(json_agg(json_build_object('gatewayDisputeId', gateway_dispute_id, 'status', status, 'amountMinor', amount_minor)), '[]')
    from ${disputes} where disputes.order_id = orders.order_id)`,
  unchangedMs: elapsedMs(orders.updatedAt),
  overdueMs: elapsedMs(orders.expiresAt),
};

/** Reads the recorded time until which a comparison has covered all changes, ISO 8601; null if none is recorded. */
export async function readComparedAt(db: Database, name: ComparisonName): Promise<string | null> {
  const [row] = await db
    .select({ comparedAt: comparisons.comparedAt })
    .from(comparisons)
    .where(eq(comparisons.name, name));
  return row?.comparedAt.toISOString() ?? null;
}

/** Records the time until which a comparison has covered all changes, ISO 8601. */
export async function recordComparedAt(
  db: Database,
  { name, comparedAt }: { name: ComparisonName; comparedAt: string },
): Promise<void> {
  await db.execute(sql`
    insert into comparisons (name, compared_at) values (${name}, ${comparedAt}::timestamptz)
    on conflict (name) do update set compared_at = excluded.compared_at`);
}

type OrderKeys = { paymentIds: string[] } | { idempotencyKeys: string[] } | { orderIds: string[] };

/** Reads the orders of these keys. Leaves out keys that have no order. */
export async function readOrderFacts(db: Database, keys: OrderKeys): Promise<OrderFacts[]> {
  return db.select(facts).from(orders).where(isOneOf(keys));
}

function isOneOf(keys: OrderKeys): SQL {
  if ('paymentIds' in keys) return sql`${orders.paymentId} = any(${sql.param(keys.paymentIds)}::text[])`;
  if ('orderIds' in keys) return sql`${orders.orderId} = any(${sql.param(keys.orderIds)}::text[])`;
  return sql`${orders.idempotencyKey} = any(${sql.param(keys.idempotencyKeys)}::text[])`;
}

/**
 * Lists pending orders whose payment window ended more than `unchangedMs` ago, and paid orders that have not changed
 * for longer than `unchangedMs`. Leaves out orders that wait for an operator. The oldest orders come first.
 */
export async function listUnfinished(
  db: Database,
  { unchangedMs, limit }: { unchangedMs: number; limit: number },
): Promise<OrderFacts[]> {
  const before = sql`now() - ${unchangedMs}::int * interval '1 millisecond'`;
  return db
    .select(facts)
    .from(orders)
    .where(
      and(
        // The condition equals that of the index `orders_unfinished`. The planner could not use the index if the
        // condition had parameters.
        sql`${orders.status} in ('PENDING', 'PAID') and ${orders.readyAt} is null`,
        sql`case when ${orders.status} = 'PENDING' then ${orders.expiresAt} else ${orders.updatedAt} end < ${before}`,
      ),
    )
    .orderBy(asc(orders.sequence))
    .limit(limit);
}

/**
 * Lists the payments of orders that have changed since `since` (ISO 8601), in random order. Reads only the newest
 * orders, about `newest` of them.
 *
 * @param captured if true, lists only captured payments, without those that an unsigned webhook reported
 */
export async function listRecentPayments(
  db: Database,
  { since, newest, captured }: { since: string; newest: number; captured: boolean },
): Promise<string[]> {
  // Reads the last sequence in its own statement. If a subquery read it, the planner would not know the value, and could
  // not estimate how many orders have a sequence above the limit.
  const [last] = await db.select({ sequence: orders.sequence }).from(orders).orderBy(desc(orders.sequence)).limit(1);
  const rows = await db
    .select({ paymentId: orders.paymentId })
    .from(orders)
    .where(
      and(
        gt(orders.sequence, (last?.sequence ?? 0) - newest),
        captured ? and(gt(orders.capturedMinor, 0), isNotNull(orders.paymentEventId)) : undefined,
        sql`${orders.updatedAt} >= ${since}::timestamptz`,
      ),
    )
    .orderBy(sql`random()`);
  return rows.flatMap(({ paymentId }) => paymentId ?? []);
}

/**
 * Lists the payments with an open dispute, or with a refund that the gateway has begun and not completed. If there are
 * more than `limit`, each call returns a random selection.
 */
export async function listUnsettledPayments(db: Database, { limit }: { limit: number }): Promise<string[]> {
  // The planner could not use the indexes `refunds_pending` and `disputes_open` if the conditions had parameters.
  const rows = await db.execute<{ paymentId: string }>(sql`
    select payment_id as "paymentId" from ${orders} where order_id in (
      select order_id from ${refunds} where status = 'pending' and gateway_refund_id is not null
      union select order_id from ${disputes} where status = 'open')
    order by random() limit ${limit}`);
  return rows.map(({ paymentId }) => paymentId);
}

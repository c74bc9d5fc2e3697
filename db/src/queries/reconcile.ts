import type { ComparisonName, OrderStatus, PaymentStatus } from '@widget-store/contract';
import { and, asc, desc, eq, gt, inArray, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { comparisons, orders } from '../schema';

/** What the reconciler compares of an order; ages are by the database's clock. */
export interface OrderFacts {
  orderId: string;
  idempotencyKey: string;
  paymentId: string | null;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  paymentEventId: string | null;
  totalMinor: number;
  currency: string;
  /** The refund that the order shows. */
  refundedMinor: number;
  /** Milliseconds since the order's last change. */
  unchangedMs: number;
  /** Milliseconds since the end of its payment window; negative before. */
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
  refundedMinor: orders.refundedMinor,
  unchangedMs: elapsedMs(orders.updatedAt),
  overdueMs: elapsedMs(orders.expiresAt),
};

/** Until when a comparison has been made, ISO 8601; null before the first one. */
export async function readComparedAt(db: Database, name: ComparisonName): Promise<string | null> {
  const [row] = await db
    .select({ comparedAt: comparisons.comparedAt })
    .from(comparisons)
    .where(eq(comparisons.name, name));
  return row?.comparedAt.toISOString() ?? null;
}

/** Records until when a comparison has been made, ISO 8601. */
export async function recordComparedAt(
  db: Database,
  { name, comparedAt }: { name: ComparisonName; comparedAt: string },
): Promise<void> {
  await db.execute(sql`
    insert into comparisons (name, compared_at) values (${name}, ${comparedAt}::timestamptz)
    on conflict (name) do update set compared_at = excluded.compared_at`);
}

type OrderKeys = { paymentIds: string[] } | { idempotencyKeys: string[] } | { orderIds: string[] };

/** The orders of these keys. A key without an order has no entry. */
export async function readOrderFacts(db: Database, keys: OrderKeys): Promise<OrderFacts[]> {
  return db.select(facts).from(orders).where(isOneOf(keys));
}

function isOneOf(keys: OrderKeys): SQL {
  if ('paymentIds' in keys) return sql`${orders.paymentId} = any(${sql.param(keys.paymentIds)}::text[])`;
  if ('orderIds' in keys) return sql`${orders.orderId} = any(${sql.param(keys.orderIds)}::text[])`;
  return sql`${orders.idempotencyKey} = any(${sql.param(keys.idempotencyKeys)}::text[])`;
}

/**
 * Unfinished orders without a change for `unchangedMs`: pending ones past their payment window, paid ones that do not tick,
 * refunds that do not arrive. The oldest come first, through the index of unfinished orders, and refunds come last: during
 * an outage of the gateway there are many, and the other orders do not depend on it.
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
        // The index's own condition, without parameters: with them the planner could not use the index.
        sql`(${orders.status} in ('PENDING', 'PAID') or ${orders.paymentStatus} = 'refunding')`,
        sql`case when ${orders.status} = 'PENDING' then ${orders.expiresAt} else ${orders.updatedAt} end < ${before}`,
      ),
    )
    .orderBy(asc(sql`${orders.paymentStatus} = 'refunding'`), asc(orders.sequence))
    .limit(limit);
}

/** Orders among about `newest` of the newest ones that an event of the gateway has paid since `since`, ISO 8601. */
export async function listNewlyPaid(
  db: Database,
  { since, newest }: { since: string; newest: number },
): Promise<OrderFacts[]> {
  // Two statements, because the planner can estimate the rows above a number but not above the result of a subquery.
  const [last] = await db.select({ sequence: orders.sequence }).from(orders).orderBy(desc(orders.sequence)).limit(1);
  return db
    .select(facts)
    .from(orders)
    .where(
      and(
        gt(orders.sequence, (last?.sequence ?? 0) - newest),
        inArray(orders.status, ['PAID', 'DISPATCHED']),
        sql`${orders.paymentEventId} is not null and ${orders.updatedAt} >= ${since}::timestamptz`,
      ),
    );
}

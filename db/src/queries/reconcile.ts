import type { ComparisonName, OrderStatus, PaymentStatus } from '@widget-store/contract';
import { and, asc, desc, eq, gt, inArray, type SQL, sql } from 'drizzle-orm';
import { comparisons, orders } from '../schema';
import type { Database } from '../postgres/database';

/** An order as the reconciler looks at it; the ages are by the database's clock. */
export interface OrderFacts {
  orderId: string;
  idempotencyKey: string;
  paymentId: string | null;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  paymentEventId: string | null;
  totalMinor: number;
  currency: string;
  /** What the order shows to have been given back. */
  refundedMinor: number;
  /** Milliseconds since the order's last change. */
  unchangedMs: number;
  /** Milliseconds since the end of its payment window; negative before. */
  overdueMs: number;
}

/** Milliseconds since then. */
const sinceMs = (moment: typeof orders.updatedAt | typeof orders.expiresAt) =>
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
  unchangedMs: sinceMs(orders.updatedAt),
  overdueMs: sinceMs(orders.expiresAt),
};

/** Now, by the clock that every age is taken from; ISO 8601. */
export async function readClock(db: Database): Promise<string> {
  const [row] = await db.execute<{ now: number }>(sql`select (extract(epoch from now()) * 1000)::float8 as now`);
  return new Date(row?.now ?? Number.NaN).toISOString();
}

/** Up to when this database knows that a comparison was made, ISO 8601; null when it knows of none. */
export async function readComparedAt(db: Database, name: ComparisonName): Promise<string | null> {
  const [row] = await db
    .select({ comparedAt: comparisons.comparedAt })
    .from(comparisons)
    .where(eq(comparisons.name, name));
  return row?.comparedAt.toISOString() ?? null;
}

/** @param comparison.comparedAt ISO 8601 */
export async function noteComparedAt(
  db: Database,
  { name, comparedAt }: { name: ComparisonName; comparedAt: string },
): Promise<void> {
  await db.execute(sql`
    insert into comparisons (name, compared_at) values (${name}, ${comparedAt}::timestamptz)
    on conflict (name) do update set compared_at = excluded.compared_at`);
}

export type OrderKeys = { paymentIds: string[] } | { idempotencyKeys: string[] } | { orderIds: string[] };

/** The orders of these keys; a key without an order is left out. */
export async function readOrderFacts(db: Database, keys: OrderKeys): Promise<OrderFacts[]> {
  return db.select(facts).from(orders).where(isOneOf(keys));
}

function isOneOf(keys: OrderKeys): SQL {
  if ('paymentIds' in keys) return sql`${orders.paymentId} = any(${sql.param(keys.paymentIds)}::text[])`;
  if ('orderIds' in keys) return sql`${orders.orderId} = any(${sql.param(keys.orderIds)}::text[])`;
  return sql`${orders.idempotencyKey} = any(${sql.param(keys.idempotencyKeys)}::text[])`;
}

/**
 * Orders that are not over although nothing has happened to them for a while: pending ones past their window, paid ones
 * that do not tick, refunds that do not come. The oldest first, through the index of all orders that are not over, and refunds
 * last: while the gateway is away they are many, and what does not need it is not to wait for them.
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
        // As in the index: with parameters in it, a prepared statement could not prove that the index has them all.
        sql`(${orders.status} in ('PENDING', 'PAID') or ${orders.paymentStatus} = 'refunding')`,
        sql`case when ${orders.status} = 'PENDING' then ${orders.expiresAt} else ${orders.updatedAt} end < ${before}`,
      ),
    )
    .orderBy(asc(sql`${orders.paymentStatus} = 'refunding'`), asc(orders.sequence))
    .limit(limit);
}

/** Of the newest orders those that an event of the gateway has paid since then. @param newest how many, or a few less */
export async function listNewlyPaid(
  db: Database,
  { since: paidSince, newest }: { since: string; newest: number },
): Promise<OrderFacts[]> {
  // Two statements, because the planner knows how many rows are after a number, but not after that of a subquery.
  const [last] = await db.select({ sequence: orders.sequence }).from(orders).orderBy(desc(orders.sequence)).limit(1);
  return db
    .select(facts)
    .from(orders)
    .where(
      and(
        gt(orders.sequence, (last?.sequence ?? 0) - newest),
        inArray(orders.status, ['PAID', 'DISPATCHED']),
        sql`${orders.paymentEventId} is not null and ${orders.updatedAt} >= ${paidSince}::timestamptz`,
      ),
    );
}

import { sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import type { StockMovement } from './stock';

/** A change of the stock of any product. */
export interface AnyMovement extends Omit<StockMovement, 'inventory'> {
  productId: number;
  productName: string;
}

export interface AnyMovementPage {
  movements: AnyMovement[];
  /** The value of `before` for the next page; undefined on the last page. */
  nextBefore: number | undefined;
}

/**
 * If a statement waits for a lock, its movement can get an earlier time than a movement with a smaller id. The
 * difference is at most this long.
 */
const maxOutOfOrderMs = 60_000;

/**
 * Lists the movements of all products in a period, newest first. Lists only movements whose id is less than `before`.
 * Movements have no index by time. So the call reads `limit` movements before `to`, and returns those that are not
 * before `from`. A page can therefore be empty although the next page is not. A page that ends more than
 * `maxOutOfOrderMs` before the period is the last one.
 *
 * @param from the movements at this time or later
 * @param to the movements before this time
 */
export async function listAllMovements(
  db: Database,
  {
    limit,
    from = new Date(0),
    to,
    before = Number.MAX_SAFE_INTEGER,
  }: { limit: number; from?: Date | undefined; to?: Date | undefined; before?: number | undefined },
): Promise<AnyMovementPage> {
  const isEarlyEnough = to === undefined ? sql`` : sql`and created_at < ${to.toISOString()}::timestamptz`;
  const rows = await db.execute<AnyMovement & Record<string, unknown>>(sql`
    with page as (
      select * from stock_movements where movement_id < ${before} ${isEarlyEnough}
      order by movement_id desc limit ${limit + 1}
    )
    select page.movement_id::float8 as "movementId", page.product_id as "productId", products.name as "productName",
      page.kind, page.quantity::float8 as change, page.order_id as "orderId", orders.sequence::float8 as "orderSequence",
      page.refund_id as "refundId", page.note, page.requested_by as "requestedBy", page.created_at as "createdAt"
    from page join products using (product_id) left join orders on orders.order_id = page.order_id
    order by page.movement_id desc`);
  const page = rows.slice(0, limit).map((row) => ({ ...row, createdAt: new Date(row.createdAt).toISOString() }));
  const last = page.at(-1);
  const isPast = last !== undefined && Date.parse(last.createdAt) < from.getTime() - maxOutOfOrderMs;
  return {
    movements: page.filter(({ createdAt }) => Date.parse(createdAt) >= from.getTime()),
    nextBefore: rows.length > limit && !isPast ? last?.movementId : undefined,
  };
}

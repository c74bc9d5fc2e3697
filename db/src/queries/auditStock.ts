import type { OrderStatus } from '@widget-store/workflows/contract';
import { sql } from 'drizzle-orm';
import type { Database } from './database';

export interface StockMismatch {
  productId: number;
  inventory: number;
  /** Sum of the product's movements. */
  moved: number;
}

/** Products whose inventory is not the sum of their movements. One statement sees one moment: nothing is in flight in it. */
export async function listStockMismatches(db: Database, { limit }: { limit: number }): Promise<StockMismatch[]> {
  const rows = await db.execute<StockMismatch & Record<string, unknown>>(sql`
    select product_id as "productId", inventory, coalesce(moved, 0)::float8 as moved
    from products
    left join (select product_id, sum(quantity) as moved from stock_movements group by product_id) as sums using (product_id)
    where inventory <> coalesce(moved, 0)
    order by product_id limit ${limit}`);
  return [...rows];
}

export interface HoldMismatch {
  orderId: string;
  status: OrderStatus;
  productId: number;
  /** Sum of the order's movements of the product. */
  moved: number;
  /** Minus what it bought; 0 once it is cancelled. */
  expected: number;
}

export interface HoldAudit {
  wrong: HoldMismatch[];
  /** `sequence` of the last order of the slice; 0 when there are none after it. */
  auditedUntil: number;
}

/**
 * Compares what orders have moved with what they bought, for a slice of all orders and some others. All of them at once
 * would be a statement that grows with the store.
 */
export async function auditHolds(
  db: Database,
  { after, orderIds, slice, limit }: { after: number; orderIds: string[]; slice: number; limit: number },
): Promise<HoldAudit> {
  const [end] = await db.execute<{ last: number; orders: number }>(sql`
    select coalesce(max(sequence), 0)::float8 as last, count(*)::int as orders
    from (select sequence from orders where sequence > ${after} order by sequence limit ${slice}) as next`);
  const { last, orders } = end ?? { last: 0, orders: 0 };
  const rows = await db.execute<HoldMismatch & Record<string, unknown>>(sql`
    with audited as (
      select order_id, status from orders where sequence > ${after} and sequence <= ${last}
      union select order_id, status from orders where order_id = any(${sql.param(orderIds)}::text[])
    ), moves as (
      select order_id, product_id, sum(quantity) as moved from audited join stock_movements using (order_id) group by 1, 2
    ), held as (
      select order_id, status, product_id, coalesce(moved, 0)::float8 as moved,
        case when status = 'CANCELLED' then 0 else -quantity end as expected
      from audited join order_items using (order_id) left join moves using (order_id, product_id)
    )
    select order_id as "orderId", status, product_id as "productId", moved, expected
    from held where moved <> expected order by order_id, product_id limit ${limit}`);
  return { wrong: [...rows], auditedUntil: orders < slice ? 0 : last };
}

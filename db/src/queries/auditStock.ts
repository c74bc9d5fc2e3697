import type { OrderStatus } from '@widget-store/contract';
import { sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';

export interface StockMismatch {
  productId: number;
  inventory: number;
  /** The sum of the product's movements. */
  moved: number;
}

/**
 * Lists products whose inventory is not the sum of their movements. Reads the inventory and the movements in one
 * snapshot, so a concurrent change causes no mismatch.
 */
export async function listStockMismatches(db: Database, { limit }: { limit: number }): Promise<StockMismatch[]> {
  const rows = await db.execute<StockMismatch & Record<string, unknown>>(sql`
    select product_id as "productId", inventory::float8 as inventory, coalesce(moved, 0)::float8 as moved
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
  /** The sum of the order's movements of the product. */
  moved: number;
  /** 0 if the order is cancelled; otherwise the units that were bought and not returned, as a negative number. */
  expected: number;
}

interface HoldAudit {
  mismatches: HoldMismatch[];
  /**
   * The `sequence` of the slice's last order. 0 if fewer than `slice` orders were left, so that the next audit begins
   * again with the oldest orders.
   */
  auditedUntil: number;
}

/**
 * Compares the stock movements of orders with the lines of these orders. Covers the next `slice` orders after the
 * sequence `after`, and the orders in `orderIds`. Because of the slice, the cost of the statement does not depend on
 * the number of orders in the store. `offset 0` forces the planner to look up lines and movements by order id, instead
 * of joining the whole tables.
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
    ), held as (
      select audited.order_id, status, product_id, case when status = 'CANCELLED' then 0 else returned - quantity end as expected,
        (select coalesce(sum(quantity), 0)::float8 from stock_movements
          where order_id = audited.order_id and product_id = item.product_id) as moved
      from audited, lateral (select * from order_items where order_id = audited.order_id offset 0) as item
    )
    select order_id as "orderId", status, product_id as "productId", moved, expected
    from held where moved <> expected order by order_id, product_id limit ${limit}`);
  return { mismatches: [...rows], auditedUntil: orders < slice ? 0 : last };
}

import { type SQL, sql } from 'drizzle-orm';
import { isLockTimeout, ProductBusy } from '../errors';
import type { Database } from '../postgres/database';

/**
 * Runs a statement that locks products. If the statement ends with a lock timeout, finds out which products are locked.
 *
 * @param productIds a subquery that returns the ids of the products
 * @throws StoreError `ProductBusy` if another session has locked some of the products
 */
export async function lockingProducts<Result>(
  db: Database,
  productIds: SQL,
  statement: () => Promise<Result>,
): Promise<Result> {
  try {
    return await statement();
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    const locked = await listLocked(db, productIds);
    throw locked.length > 0 ? new ProductBusy(locked) : error;
  }
}

/**
 * Lists the locked products. The error of a lock timeout does not reliably name the products, and its text depends on
 * the language of the server.
 */
async function listLocked(db: Database, productIds: SQL): Promise<number[]> {
  const locked = await db.execute<{ productId: number }>(sql`
    with free as (
      select product_id from products where product_id in (${productIds}) for update skip locked
    )
    select product_id as "productId" from products
    where product_id in (${productIds}) and product_id not in (select product_id from free)
    order by product_id`);
  return locked.map(({ productId }) => productId);
}

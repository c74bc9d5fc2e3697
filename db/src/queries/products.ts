import { failureTypes } from '@widget-store/workflows/contract';
import { asc, eq, sql } from 'drizzle-orm';
import { StoreError } from '../errors';
import { products } from '../schema';
import type { Database } from './database';
import { prepared } from './prepared';

export type ProductRow = typeof products.$inferSelect;

/** Everything on sale, in the order of the catalogue. */
export async function listProducts(db: Database): Promise<ProductRow[]> {
  return db.select().from(products).orderBy(asc(products.productId));
}

const productById = prepared((db) =>
  db
    .select()
    .from(products)
    .where(eq(products.productId, sql.placeholder('productId')))
    .prepare('product_by_id'),
);

export async function readProduct(db: Database, productId: number): Promise<ProductRow | undefined> {
  const [product] = await productById(db).execute({ productId });
  return product;
}

export interface ProductChange {
  productId: number;
  name?: string | undefined;
  description?: string | undefined;
  priceMinor?: number | undefined;
}

/** Changes what is given, and at least one thing is. Orders keep the price that they were placed at. */
export async function changeProduct(
  db: Database,
  { productId, ...change }: ProductChange,
): Promise<ProductRow | undefined> {
  const [product] = await db.update(products).set(change).where(eq(products.productId, productId)).returning();
  return product;
}

const mostAttempts = 100;

/**
 * Holds stay as they are: what they took is not available, and comes back on top when they are released. Compare-and-set,
 * because a difference that is taken from a locked row and added by the same statement was seen to be of two moments.
 *
 * @throws StoreError `DatabaseUnavailable` when the product changes too often to be caught
 */
export async function restock(
  db: Database,
  { productId, available }: { productId: number; available: number },
): Promise<void> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const product = await readProduct(db, productId);
    if (product === undefined || product.inventory === available) return;
    const moved = await db.execute(sql`
      with stocked as (
        update products set inventory = ${available}::int
        where product_id = ${productId} and inventory = ${product.inventory}
        returning product_id
      )
      insert into stock_movements (product_id, kind, quantity)
      select product_id, 'restock', ${available - product.inventory}::int from stocked
      returning movement_id`);
    if (moved.length > 0) return;
  }
  throw new StoreError(failureTypes.databaseUnavailable, 'The product changes too often to be restocked now.');
}

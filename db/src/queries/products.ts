import { asc, eq, sql } from 'drizzle-orm';
import { products } from '../schema';
import type { Database } from '../postgres/database';
import { prepared } from '../postgres/prepared';

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

/**
 * Holds stay as they are: what they took is not available, and comes back on top when they are released. The new stock is
 * written as such, as a reservation does it.
 */
export async function restock(
  db: Database,
  { productId, available }: { productId: number; available: number },
): Promise<void> {
  await db.execute(sql`
    with stocked as (
      select product_id, inventory from products where product_id = ${productId} for update
    ), restocked as (
      update products set inventory = ${available}::int
      from stocked
      where products.product_id = stocked.product_id and stocked.inventory <> ${available}::int
      returning products.product_id, ${available}::int - stocked.inventory as quantity
    )
    insert into stock_movements (product_id, kind, quantity)
    select product_id, 'restock', quantity from restocked`);
}

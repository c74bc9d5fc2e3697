import { asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { prepared } from '../postgres/prepared';
import { products } from '../schema';

export type ProductRow = typeof products.$inferSelect;

/** Every product, by product id. */
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

interface ProductChange {
  productId: number;
  name?: string | undefined;
  description?: string | undefined;
  priceMinor?: number | undefined;
}

/**
 * Changes the given fields, at least one. Placed orders keep their price.
 *
 * @returns the changed product, or undefined when no product has this id
 */
export async function changeProduct(
  db: Database,
  { productId, ...change }: ProductChange,
): Promise<ProductRow | undefined> {
  const [product] = await db.update(products).set(change).where(eq(products.productId, productId)).returning();
  return product;
}

/**
 * Sets a product's available inventory to `available`, with one movement of the difference. Holds stay as they are, and
 * their units are added when they are released. The statement writes the new inventory rather than adding to the old one,
 * for the reason given at `placeOrder`.
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

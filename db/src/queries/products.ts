import { asc, eq, sql } from 'drizzle-orm';
import { products } from '../schema';
import type { Database } from './database';

export type ProductRow = typeof products.$inferSelect;

/** Everything on sale, in the order of the catalogue. */
export async function listProducts(db: Database): Promise<ProductRow[]> {
  return db.select().from(products).orderBy(asc(products.productId));
}

export async function readProduct(db: Database, productId: number): Promise<ProductRow | undefined> {
  const [product] = await db.select().from(products).where(eq(products.productId, productId));
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

/** Holds stay as they are: what they took is not available, and comes back on top when they are released. */
export async function restock(
  db: Database,
  { productId, available }: { productId: number; available: number },
): Promise<void> {
  await db.execute(sql`
    with product as (
      select product_id, ${available}::int - inventory as quantity from products
      where product_id = ${productId} for update
    ), stocked as (
      update products set inventory = products.inventory + product.quantity
      from product where products.product_id = product.product_id and product.quantity <> 0
      returning product.product_id, product.quantity
    )
    insert into stock_movements (product_id, kind, quantity)
    select product_id, 'restock', quantity from stocked`);
}

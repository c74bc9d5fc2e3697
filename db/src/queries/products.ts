import { asc, desc, eq, gt, lte, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { prepared } from '../postgres/prepared';
import { products } from '../schema';
import { lockingProducts } from './lockedProducts';

export type ProductRow = typeof products.$inferSelect;

interface ProductPage {
  products: ProductRow[];
  /** The value of `after` for the next page; undefined on the last page. */
  nextAfter: number | undefined;
  /** The value of `after` for the previous page; undefined on the first page. */
  previousAfter: number | undefined;
}

const productsAfter = prepared((db) =>
  db
    .select()
    .from(products)
    .where(gt(products.productId, sql.placeholder('after')))
    .orderBy(asc(products.productId))
    .limit(sql.placeholder('rows'))
    .prepare('products_after'),
);

const idBefore = prepared((db) =>
  db
    .select({ productId: products.productId })
    .from(products)
    .where(lte(products.productId, sql.placeholder('after')))
    .orderBy(desc(products.productId))
    .limit(1)
    .offset(sql.placeholder('skip'))
    .prepare('product_id_before'),
);

/** Lists up to `limit` products whose id is greater than `after`, sorted by product id. */
export async function listProducts(
  db: Database,
  { limit, after = 0 }: { limit: number; after?: number | undefined },
): Promise<ProductPage> {
  const rows = await productsAfter(db).execute({ after, rows: limit + 1 });
  const page = rows.slice(0, limit);
  const nextAfter = rows.length > limit ? page.at(-1)?.productId : undefined;
  if (after === 0) return { products: page, nextAfter, previousAfter: undefined };
  const [before] = await idBefore(db).execute({ after, skip: limit });
  return { products: page, nextAfter, previousAfter: before?.productId ?? 0 };
}

const productsById = prepared((db) =>
  db
    .select()
    .from(products)
    .where(sql`${products.productId} = any(${sql.placeholder('productIds')}::int[])`)
    .orderBy(asc(products.productId))
    .prepare('products_by_id'),
);

/** Reads the products with these ids, sorted by product id. Leaves out unknown ids. */
export async function readProducts(db: Database, productIds: number[]): Promise<ProductRow[]> {
  return productsById(db).execute({ productIds });
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
 * Changes the given fields of a product. At least one field must be given. Placed orders keep their price.
 *
 * @returns the changed product, or undefined if no product has this id
 * @throws StoreError `ProductBusy` while another session has locked the product
 */
export async function changeProduct(
  db: Database,
  { productId, ...change }: ProductChange,
): Promise<ProductRow | undefined> {
  const update = () => db.update(products).set(change).where(eq(products.productId, productId)).returning();
  const [product] = await lockingProducts(db, sql`select ${productId}::int`, update);
  return product;
}

import { and, asc, desc, eq, getTableColumns, gt, inArray, lte, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { prepared } from '../postgres/prepared';
import { products } from '../schema';
import { lockingProducts } from './lockedProducts';
import { type ByOperator, recordProductAction } from './operatorActions';

const { idempotencyKey: _key, fingerprint: _fingerprint, ...productColumns } = getTableColumns(products);

export type ProductRow = Pick<typeof products.$inferSelect, keyof typeof productColumns>;

interface ProductPage {
  products: ProductRow[];
  /** The value of `after` for the next page; undefined on the last page. */
  nextAfter: number | undefined;
  /** The value of `after` for the previous page; undefined on the first page. */
  previousAfter: number | undefined;
}

/** Whether a list contains the product. Shoppers see the products that are on sale, and operators see all products. */
const isListed = sql`(${products.onSale} or ${sql.placeholder('withHidden')}::boolean)`;

const productsAfter = prepared((db) =>
  db
    .select(productColumns)
    .from(products)
    .where(and(gt(products.productId, sql.placeholder('after')), isListed))
    .orderBy(asc(products.productId))
    .limit(sql.placeholder('rows'))
    .prepare('products_after'),
);

const idBefore = prepared((db) =>
  db
    .select({ productId: products.productId })
    .from(products)
    .where(and(lte(products.productId, sql.placeholder('after')), isListed))
    .orderBy(desc(products.productId))
    .limit(1)
    .offset(sql.placeholder('skip'))
    .prepare('product_id_before'),
);

/**
 * Lists up to `limit` products whose id is greater than `after`, sorted by product id.
 *
 * @param page.withHidden whether the list contains products that are not on sale
 */
export async function listProducts(
  db: Database,
  { limit, after = 0, withHidden = false }: { limit: number; after?: number | undefined; withHidden?: boolean },
): Promise<ProductPage> {
  const rows = await productsAfter(db).execute({ after, rows: limit + 1, withHidden });
  const page = rows.slice(0, limit);
  const nextAfter = rows.length > limit ? page.at(-1)?.productId : undefined;
  if (after === 0) return { products: page, nextAfter, previousAfter: undefined };
  const [before] = await idBefore(db).execute({ after, skip: limit, withHidden });
  return { products: page, nextAfter, previousAfter: before?.productId ?? 0 };
}

const productsById = prepared((db) =>
  db
    .select(productColumns)
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
    .select(productColumns)
    .from(products)
    .where(eq(products.productId, sql.placeholder('productId')))
    .prepare('product_by_id'),
);

export async function readProduct(db: Database, productId: number): Promise<ProductRow | undefined> {
  const [product] = await productById(db).execute({ productId });
  return product;
}

/** The fields of a product that operators can change. */
interface ProductFields {
  name: string;
  description: string;
  priceMinor: number;
  imageUrl: string | null;
  onSale: boolean;
}

export interface NewProduct extends ProductFields {
  /** ISO 4217. Operators cannot change the currency later. */
  currency: string;
  idempotencyKey: string;
  fingerprint: string;
}

export type CreatedProduct = { outcome: 'created' | 'replayed'; product: ProductRow } | { outcome: 'key_is_used' };

/**
 * Creates a product without stock, or returns the product that the idempotency key already has. The new product has the
 * greatest product id, so it comes last in the catalogue.
 */
export async function createProduct(
  db: Database,
  { operator, ...fields }: NewProduct & ByOperator,
): Promise<CreatedProduct> {
  const nextId = sql`(select coalesce(max(product_id), 0) + 1 from products)`;
  for (;;) {
    const created = db.$with('changed').as(
      db
        .insert(products)
        .values({ ...fields, productId: nextId })
        .onConflictDoNothing()
        .returning(productColumns),
    );
    const acted = recordProductAction(db, created, { kind: 'create_product', operator });
    const [product] = await db.with(created, acted).select().from(created);
    if (product !== undefined) return { outcome: 'created', product };
    const [known] = await db
      .select({ product: productColumns, fingerprint: products.fingerprint })
      .from(products)
      .where(eq(products.idempotencyKey, fields.idempotencyKey));
    if (known !== undefined) {
      const isSame = known.fingerprint === fields.fingerprint;
      return isSame ? { outcome: 'replayed', product: known.product } : { outcome: 'key_is_used' };
    }
    // Another session has created a product with this id in the meantime, so the next attempt uses a greater id.
  }
}

export type ProductChange = { [Field in keyof ProductFields]?: ProductFields[Field] | undefined };

interface ProductRef {
  productId: number;
  /**
   * The product changes only if its version is one of these. If `versions` is undefined, the product changes whatever
   * its version is.
   */
  versions?: number[] | undefined;
}

export type ChangedProduct = { outcome: 'changed'; product: ProductRow } | { outcome: 'other_version' };

/**
 * Changes the given fields of a product. Orders that were placed earlier keep the names, pictures and prices of their
 * lines.
 *
 * @returns undefined if no product has this id
 * @throws StoreError `ProductBusy` while another session has locked the product
 */
export async function changeProduct(
  db: Database,
  { productId, versions, operator, ...fields }: ProductRef & ProductChange & ByOperator,
): Promise<ChangedProduct | undefined> {
  const changed = db.$with('changed').as(
    db
      .update(products)
      .set({ ...fields, version: sql`${products.version} + 1` })
      .where(
        and(
          eq(products.productId, productId),
          versions === undefined ? undefined : inArray(products.version, versions),
        ),
      )
      .returning(productColumns),
  );
  const acted = recordProductAction(db, changed, { kind: 'change_product', operator });
  const update = () => db.with(changed, acted).select().from(changed);
  const [product] = await lockingProducts(db, sql`select ${productId}::int`, update);
  if (product !== undefined) return { outcome: 'changed', product };
  return (await readProduct(db, productId)) === undefined ? undefined : { outcome: 'other_version' };
}

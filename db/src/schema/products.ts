import { currencyCodes, maxImageUrlLength } from '@widget-store/contract';
import { sql } from 'drizzle-orm';
import { bigint, boolean, check, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';

const activeCurrencies = currencyCodes.map((code) => `'${code}'`).join(', ');

/** The products of the store. `inventory` always equals the sum of the product's stock movements. */
export const products = pgTable(
  'products',
  {
    productId: integer('product_id').primaryKey(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    priceMinor: integer('price_minor').notNull(),
    currency: text('currency').notNull(),
    /**
     * The column has 64 bits. With 32 bits, a release that raises the inventory above the largest value would fail at
     * every attempt.
     */
    inventory: bigint('inventory', { mode: 'number' }).notNull().default(0),
    /** An https URL, or the path of one of the store's drawings. */
    imageUrl: text('image_url'),
    /** Nobody can buy a product that is not on sale. Orders that were placed earlier stay as they are. */
    onSale: boolean('on_sale').notNull().default(true),
    /** Incremented when an operator changes the product. A change of the stock does not increment it. */
    version: integer('version').notNull().default(1),
    /** Null for products that were not created through the api. */
    idempotencyKey: text('idempotency_key'),
    /** SHA-256 of the request that created the product. The api refuses a different request with the same key. */
    fingerprint: text('fingerprint'),
  },
  (product) => [
    uniqueIndex('products_idempotency_key_key').on(product.idempotencyKey),
    // No gateway accepts a payment of 0.
    check('products_price_positive', sql`${product.priceMinor} >= 1`),
    check('products_inventory_not_negative', sql`${product.inventory} >= 0`),
    check(
      'products_image_url_safe',
      sql`(${product.imageUrl} like 'https://%' or ${product.imageUrl} like '/drawings/%') and length(${product.imageUrl}) <= ${sql.raw(String(maxImageUrlLength))}`,
    ),
    check('products_currency_iso_4217', sql.raw(`currency in (${activeCurrencies})`)),
  ],
);

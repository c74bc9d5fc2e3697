import { currencyCodes } from '@widget-store/contract';
import { sql } from 'drizzle-orm';
import { bigint, check, integer, pgTable, text } from 'drizzle-orm/pg-core';

const activeCurrencies = currencyCodes.map((code) => `'${code}'`).join(', ');

/** The products on sale. `inventory` always equals the sum of the product's stock movements. */
export const products = pgTable(
  'products',
  {
    productId: integer('product_id').primaryKey(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    priceMinor: integer('price_minor').notNull(),
    currency: text('currency').notNull(),
    /** The column has 64 bits. With 32 bits, a release that exceeds the largest value would fail forever. */
    inventory: bigint('inventory', { mode: 'number' }).notNull().default(0),
  },
  (product) => [
    // No gateway accepts a payment of 0.
    check('products_price_positive', sql`${product.priceMinor} >= 1`),
    check('products_inventory_not_negative', sql`${product.inventory} >= 0`),
    check('products_currency_iso_4217', sql.raw(`currency in (${activeCurrencies})`)),
  ],
);

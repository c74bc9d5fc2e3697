import { sql } from 'drizzle-orm';
import { check, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { orders } from './orders';
import { products } from './products';

/** The lines of an order. Each has the name and the price that the product had when the order was placed. */
export const orderItems = pgTable(
  'order_items',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => orders.orderId),
    productId: integer('product_id')
      .notNull()
      .references(() => products.productId),
    name: text('name').notNull(),
    /** The picture that the product had when the order was placed: a URL or a path, as in `products.image_url`. */
    imageUrl: text('image_url'),
    quantity: integer('quantity').notNull(),
    unitPriceMinor: integer('unit_price_minor').notNull(),
    /** Units that have come back to stock, with or without a refund. */
    returned: integer('returned').notNull().default(0),
  },
  (item) => [
    primaryKey({ columns: [item.orderId, item.productId] }),
    check('order_items_quantity_positive', sql`${item.quantity} > 0`),
    check('order_items_price_not_negative', sql`${item.unitPriceMinor} >= 0`),
    check('order_items_returned_at_most_sold', sql`${item.returned} between 0 and ${item.quantity}`),
  ],
);

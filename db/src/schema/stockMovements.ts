import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { isOneOf } from './isOneOf';
import { orders } from './orders';
import { products } from './products';

const stockMovementKinds = ['seed', 'restock', 'hold', 'release'] as const;
type StockMovementKind = (typeof stockMovementKinds)[number];

/**
 * Every change of stock. Rows are never updated or deleted. The unique (order, product, kind) makes holds and releases
 * idempotent.
 */
export const stockMovements = pgTable(
  'stock_movements',
  {
    movementId: bigint('movement_id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    productId: integer('product_id')
      .notNull()
      .references(() => products.productId),
    orderId: text('order_id').references(() => orders.orderId),
    kind: text('kind').$type<StockMovementKind>().notNull(),
    /** Units added (positive) or removed (negative). */
    quantity: bigint('quantity', { mode: 'number' }).notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (movement) => [
    uniqueIndex('stock_movements_once').on(movement.orderId, movement.productId, movement.kind),
    // The index contains the quantity, so the sum of a product's movements reads only the index.
    index('stock_movements_product_quantity').on(movement.productId, movement.quantity),
    check('stock_movements_kind_known', isOneOf(movement.kind, stockMovementKinds)),
    check(
      'stock_movements_order_kinds',
      sql`(${movement.orderId} is not null) = (${movement.kind} in ('hold', 'release'))`,
    ),
    check('stock_movements_hold_takes', sql`${movement.kind} <> 'hold' or ${movement.quantity} < 0`),
    check('stock_movements_release_gives', sql`${movement.kind} <> 'release' or ${movement.quantity} > 0`),
    check('stock_movements_not_zero', sql`${movement.quantity} <> 0`),
  ],
);

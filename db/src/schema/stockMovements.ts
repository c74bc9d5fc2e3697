import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { isOneOf } from './isOneOf';
import { orders } from './orders';
import { products } from './products';
import { refunds } from './refunds';

const stockMovementKinds = ['seed', 'restock', 'hold', 'release', 'return'] as const;
type StockMovementKind = (typeof stockMovementKinds)[number];

/**
 * Every change of stock. Rows are never updated or deleted. Unique indexes allow one hold and one release for each
 * order and product, and one return for each refund and product.
 */
export const stockMovements = pgTable(
  'stock_movements',
  {
    movementId: bigint('movement_id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    productId: integer('product_id')
      .notNull()
      .references(() => products.productId),
    orderId: text('order_id').references(() => orders.orderId),
    /** The refund that returned the units. */
    refundId: text('refund_id').references(() => refunds.refundId),
    kind: text('kind').$type<StockMovementKind>().notNull(),
    /** Units added (positive) or removed (negative). */
    quantity: bigint('quantity', { mode: 'number' }).notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (movement) => [
    uniqueIndex('stock_movements_once')
      .on(movement.orderId, movement.productId, movement.kind)
      .where(sql`${movement.kind} <> 'return'`),
    uniqueIndex('stock_movements_returned_once')
      .on(movement.refundId, movement.productId)
      .where(sql`${movement.kind} = 'return'`),
    // The index contains the quantity, so summing the movements of a product does not read the table.
    index('stock_movements_product_quantity').on(movement.productId, movement.quantity),
    check('stock_movements_kind_known', isOneOf(movement.kind, stockMovementKinds)),
    check(
      'stock_movements_order_kinds',
      sql`(${movement.orderId} is not null) = (${movement.kind} in ('hold', 'release', 'return'))`,
    ),
    check('stock_movements_return_has_refund', sql`(${movement.refundId} is not null) = (${movement.kind} = 'return')`),
    check('stock_movements_hold_takes', sql`${movement.kind} <> 'hold' or ${movement.quantity} < 0`),
    check(
      'stock_movements_release_gives',
      sql`${movement.kind} not in ('release', 'return') or ${movement.quantity} > 0`,
    ),
    check('stock_movements_not_zero', sql`${movement.quantity} <> 0`),
  ],
);

import { adjustmentReasons, type StockMovementKind, stockMovementKinds } from '@widget-store/contract';
import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { isOneOf } from './isOneOf';
import { orders } from './orders';
import { products } from './products';
import { refunds } from './refunds';

/**
 * Every change of stock. Rows are never updated or deleted. Unique indexes allow one hold and one release for each
 * order and product, one return for each refund and product, and one adjustment or return without a refund for each
 * idempotency key and product.
 * A statement locks the product before it inserts a movement, so the ids of a product's movements increase in the
 * sequence of the changes.
 */
export const stockMovements = pgTable(
  'stock_movements',
  {
    movementId: bigint('movement_id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    productId: integer('product_id')
      .notNull()
      .references(() => products.productId),
    orderId: text('order_id').references(() => orders.orderId),
    /** The refund that returned the units. Null if they came back without a refund. */
    refundId: text('refund_id').references(() => refunds.refundId),
    kind: text('kind').$type<StockMovementKind>().notNull(),
    /** The name of the operator who changed the stock. Null if no operator did. */
    requestedBy: text('requested_by'),
    /** The key of an adjustment, or of a return without a refund. */
    idempotencyKey: text('idempotency_key'),
    /** What the operator wrote about an adjustment, or about a return without a refund. */
    note: text('note'),
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
    uniqueIndex('stock_movements_adjusted_once')
      .on(movement.productId, movement.idempotencyKey)
      .where(sql`${movement.idempotencyKey} is not null`),
    // The page of an order and the cancellation of an order read the movements of that order.
    index('stock_movements_order').on(movement.orderId),
    // The index contains the quantity, so summing the movements of a product does not read the table.
    index('stock_movements_product').on(movement.productId, movement.movementId, movement.quantity),
    check('stock_movements_kind_known', isOneOf(movement.kind, stockMovementKinds)),
    check(
      'stock_movements_order_kinds',
      sql`(${movement.orderId} is not null) = (${movement.kind} in ('hold', 'release', 'return'))`,
    ),
    check('stock_movements_refund_returns', sql`${movement.refundId} is null or ${movement.kind} = 'return'`),
    check('stock_movements_hold_takes', sql`${movement.kind} <> 'hold' or ${movement.quantity} < 0`),
    check(
      'stock_movements_release_gives',
      sql`${movement.kind} not in ('release', 'return') or ${movement.quantity} > 0`,
    ),
    check('stock_movements_received_gives', sql`${movement.kind} <> 'received' or ${movement.quantity} > 0`),
    check('stock_movements_written_off_takes', sql`${movement.kind} <> 'written_off' or ${movement.quantity} < 0`),
    check(
      'stock_movements_adjusted_by_operator',
      sql`case when ${isOneOf(movement.kind, adjustmentReasons)} or (${movement.kind} = 'return' and ${movement.refundId} is null) then num_nulls(${movement.requestedBy}, ${movement.idempotencyKey}) = 0 else num_nonnulls(${movement.idempotencyKey}, ${movement.note}) = 0 end`,
    ),
    check('stock_movements_not_zero', sql`${movement.quantity} <> 0`),
  ],
);

import type { OrderStatus, PaymentStatus } from '@widget-store/contract';
import { integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * The state of an order after each change of `status` or `payment_status`. Only the trigger `record_order_change`
 * writes here. The placement of an order is not recorded, and neither is a tick that leaves the status PAID. An order
 * that is paid and dispatched, without a refund, therefore has two rows. A foreign key is not needed, because the
 * trigger writes only events of existing orders, and orders are never deleted.
 */
export const orderEvents = pgTable(
  'order_events',
  {
    orderId: text('order_id').notNull(),
    /** The version of the order's row after the change. */
    version: integer('version').notNull(),
    status: text('status').$type<OrderStatus>().notNull(),
    paymentStatus: text('payment_status').$type<PaymentStatus>().notNull(),
    /** Copied from the order's row. */
    paymentEventId: text('payment_event_id'),
    at: timestamp('at', { withTimezone: true }).notNull(),
  },
  (event) => [primaryKey({ columns: [event.orderId, event.version] })],
);

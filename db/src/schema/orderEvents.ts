import type { OrderStatus, PaymentStatus } from '@widget-store/contract';
import { integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * Where each order stood after each change of its status or its payment's, written by the trigger `tell_order_change` and
 * by nobody else. Ticks are no such change, and how an order was placed stands in its own row: a dispatched order has two
 * rows here, a refunded one three. No foreign key: the trigger has the order's row in its hand, and orders are never deleted.
 */
export const orderEvents = pgTable(
  'order_events',
  {
    orderId: text('order_id').notNull(),
    /** Of the order's row after the change. */
    version: integer('version').notNull(),
    status: text('status').$type<OrderStatus>().notNull(),
    paymentStatus: text('payment_status').$type<PaymentStatus>().notNull(),
    /** What said that it was paid, as in the order's row. */
    paymentEventId: text('payment_event_id'),
    at: timestamp('at', { withTimezone: true }).notNull(),
  },
  (event) => [primaryKey({ columns: [event.orderId, event.version] })],
);

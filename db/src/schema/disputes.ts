import { type DisputeStatus, disputeStatuses } from '@widget-store/contract';
import { sql } from 'drizzle-orm';
import { bigint, check, index, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { isOneOf } from './isOneOf';
import { orders } from './orders';

/**
 * Every dispute of a payment, as the gateway has reported it. `orders.disputed_minor` is the sum of an order's disputes
 * that are not won.
 */
export const disputes = pgTable(
  'disputes',
  {
    /** Derived from the gateway's id. */
    disputeId: text('dispute_id').primaryKey(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.orderId),
    /** In the currency of the order. */
    amountMinor: bigint('amount_minor', { mode: 'number' }).notNull(),
    status: text('status').$type<DisputeStatus>().notNull(),
    /** The gateway's name for the reason, such as `fraudulent`. */
    reason: text('reason'),
    gatewayDisputeId: text('gateway_dispute_id').notNull(),
    /** By the gateway's clock. */
    openedAt: timestamp('opened_at', { withTimezone: true }).notNull(),
    /** When the store recorded the last change of the dispute. */
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (dispute) => [
    index('disputes_order').on(dispute.orderId),
    uniqueIndex('disputes_gateway_dispute_id_key').on(dispute.gatewayDisputeId),
    // The operations page and the reconciler read this index. It contains only the few disputes that are not decided.
    index('disputes_open')
      .on(dispute.openedAt)
      .where(sql`${dispute.status} = 'open'`),
    check('disputes_status_known', isOneOf(dispute.status, disputeStatuses)),
    // The amount is zero while a bank only asks about the payment and has not taken money back.
    check('disputes_amount_not_negative', sql`${dispute.amountMinor} >= 0`),
  ],
);

import { type RefundSource, refundSources, type RefundStatus, refundStatuses } from '@widget-store/contract';
import { sql } from 'drizzle-orm';
import { bigint, check, index, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { isOneOf } from './isOneOf';
import { orders } from './orders';

/**
 * Every refund: those of the store, and those that somebody has made in the gateway's dashboard.
 * `orders.refunded_minor` is the sum of an order's refunds that have not failed.
 */
export const refunds = pgTable(
  'refunds',
  {
    refundId: text('refund_id').primaryKey(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.orderId),
    /** In the currency of the order. */
    amountMinor: bigint('amount_minor', { mode: 'number' }).notNull(),
    status: text('status').$type<RefundStatus>().notNull(),
    source: text('source').$type<RefundSource>().notNull(),
    /** An operator's note. Shoppers do not see it. */
    reason: text('reason'),
    /** The name of the operator who requested the refund. Null if no operator did. */
    requestedBy: text('requested_by'),
    /** SHA-256 of an operator's request. The api refuses a different request with the same idempotency key. */
    fingerprint: text('fingerprint'),
    /**
     * Why a failed refund no longer needs an operator: the id of the refund that has replaced it, or one of
     * `settlements`. Null for a failed refund that needs an operator, and for a refund that has not failed.
     */
    settledBy: text('settled_by'),
    /** Null until the gateway has made the refund. */
    gatewayRefundId: text('gateway_refund_id'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    /** When the row last changed. */
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (refund) => [
    index('refunds_order').on(refund.orderId),
    uniqueIndex('refunds_gateway_refund_id_key').on(refund.gatewayRefundId),
    // The reconciler reads this index. It contains only the few refunds that the gateway has not completed.
    index('refunds_pending')
      .on(refund.createdAt)
      .where(sql`${refund.status} = 'pending'`),
    // The operations page reads this index. It contains only the few failed refunds that need an operator.
    index('refunds_failed')
      .on(refund.updatedAt)
      .where(sql`${refund.status} = 'failed' and ${refund.settledBy} is null`),
    check('refunds_status_known', isOneOf(refund.status, refundStatuses)),
    check('refunds_source_known', isOneOf(refund.source, refundSources)),
    // The amount of the store's own refund becomes zero if the gateway has captured nothing.
    check('refunds_amount_not_negative', sql`${refund.amountMinor} >= 0`),
  ],
);

import {
  type CancelReason,
  cancelReasons,
  dispatchTicks,
  type Fulfilment,
  fulfilments,
  maxCarrierLength,
  maxTrackingUrlLength,
  type OrderStatus,
  orderStatuses,
  type PaymentStatus,
  paymentStatuses,
} from '@widget-store/contract';
import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { adjustmentList, areValidAdjustments } from './adjustmentList';
import { isOneOf } from './isOneOf';
import { paymentStatusOf } from './paymentStatusOf';

/** The numbers are part of the SQL text, because a CHECK constraint cannot have parameters. */
const ticks = sql.raw(String(dispatchTicks));
const maxCarrier = sql.raw(String(maxCarrierLength));
const maxTrackingUrl = sql.raw(String(maxTrackingUrlLength));

/**
 * At most one row for each idempotency key. Rows are kept forever, so a repeated request gets its order even after
 * Temporal has deleted the workflow run.
 */
export const orders = pgTable(
  'orders',
  {
    orderId: text('order_id').primaryKey(),
    /** Numbers the orders in the sequence of their insertion. Lists of orders are paged by this number. */
    sequence: bigint('sequence', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    /** SHA-256 of the order's cart. The api refuses a request with the same idempotency key and a different cart. */
    fingerprint: text('fingerprint').notNull(),
    /** The id of the request that placed the order. Repetitions of the request have other ids. */
    requestId: text('request_id').notNull(),
    paymentId: text('payment_id'),
    status: text('status').$type<OrderStatus>().notNull(),
    paymentStatus: text('payment_status').$type<PaymentStatus>().notNull(),
    /**
     * The id of the gateway's event that reported the payment. `asked` if the store learned of the payment by asking
     * the gateway. Null if the webhook was unsigned, or if no payment was reported.
     */
    paymentEventId: text('payment_event_id'),
    cancelReason: text('cancel_reason').$type<CancelReason>(),
    /** What the items and the adjustments cost together. The trigger `check_order_total` compares the sums. */
    totalMinor: bigint('total_minor', { mode: 'number' }).notNull(),
    currency: text('currency').notNull(),
    adjustments: adjustmentList('adjustments')
      .notNull()
      .default(sql`'[]'`),
    /** What the shopper has paid. */
    capturedMinor: bigint('captured_minor', { mode: 'number' }).notNull().default(0),
    /** The sum of the refunds that have not failed. */
    refundedMinor: bigint('refunded_minor', { mode: 'number' }).notNull().default(0),
    /** The sum of the pending refunds. */
    refundingMinor: bigint('refunding_minor', { mode: 'number' }).notNull().default(0),
    /** The sum of the disputes that are open or lost. Disputes and refunds together can exceed the captured amount. */
    disputedMinor: bigint('disputed_minor', { mode: 'number' }).notNull().default(0),
    /** Incremented by the trigger `record_order_change` at every change of the row. */
    version: integer('version').notNull().default(1),
    progressRemaining: integer('progress_remaining').notNull().default(dispatchTicks),
    /** The setting `FULFILMENT` of the worker that placed the order. */
    fulfilment: text('fulfilment').$type<Fulfilment>().notNull().default('demo'),
    /**
     * The setting `COLLECT_ADDRESS` of the worker that placed the order. Null if the payment page asks for no address.
     */
    shippingCountries: text('shipping_countries').array(),
    /** Whether all pieces of the order are back in stock, although it is not cancelled. */
    allReturned: boolean('all_returned').notNull().default(false),
    /** Whether the shopper has all of the payment back: through refunds, lost disputes, or in another way. */
    allPaidBack: boolean('all_paid_back').notNull().default(false),
    /** When the paid order became ready to ship and began to wait for an operator. Null for a demo order. */
    readyAt: timestamp('ready_at', { withTimezone: true }),
    /** When an operator shipped the order. Null for a demo order. */
    shippedAt: timestamp('shipped_at', { withTimezone: true }),
    carrier: text('carrier'),
    trackingUrl: text('tracking_url'),
    /** The end of the payment window. */
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (order) => [
    uniqueIndex('orders_sequence_key').on(order.sequence),
    uniqueIndex('orders_idempotency_key_key').on(order.idempotencyKey),
    uniqueIndex('orders_payment_id_key').on(order.paymentId),
    // The operations page finds the orders of a period with this index.
    index('orders_created_at').on(order.createdAt),
    // The reconciler and the operations page read this index. It contains only the few unfinished orders that do not
    // wait for an operator. Only the last tick changes a column of this index, so ticks stay cheap.
    index('orders_unfinished')
      .on(order.sequence)
      .where(sql`${order.status} in ('PENDING', 'PAID') and ${order.readyAt} is null`),
    index('orders_to_ship')
      .on(order.sequence)
      .where(sql`${order.status} = 'PAID' and ${order.readyAt} is not null and not ${order.allReturned}`),
    check('orders_status_known', isOneOf(order.status, orderStatuses)),
    check('orders_payment_status_known', isOneOf(order.paymentStatus, paymentStatuses)),
    check('orders_cancel_reason_known', isOneOf(order.cancelReason, cancelReasons)),
    check('orders_cancelled_has_reason', sql`(${order.status} = 'CANCELLED') = (${order.cancelReason} is not null)`),
    check(
      'orders_paid_before_dispatch',
      sql`(${order.status} not in ('PAID', 'DISPATCHED') or ${order.capturedMinor} > 0) and (${order.status} <> 'PENDING' or ${order.capturedMinor} = 0)`,
    ),
    check(
      'orders_refunds_within_capture',
      sql`0 <= ${order.refundingMinor} and ${order.refundingMinor} <= ${order.refundedMinor} and ${order.refundedMinor} <= ${order.capturedMinor}`,
    ),
    check('orders_disputed_not_negative', sql`${order.disputedMinor} >= 0`),
    check(
      'orders_payment_status_of_refunds',
      sql`case when ${order.capturedMinor} = 0 then ${order.paymentStatus} not in ('paid', 'refunding', 'partially_refunded') else ${order.paymentStatus} = ${paymentStatusOf(order)} end`,
    ),
    check(
      'orders_payment_unless_sold_out',
      sql`(${order.paymentId} is null) = (${order.cancelReason} is not distinct from 'sold_out')`,
    ),
    check('orders_progress_range', sql`${order.progressRemaining} between 0 and ${ticks}`),
    check('orders_dispatched_at_zero', sql`(${order.status} = 'DISPATCHED') = (${order.progressRemaining} = 0)`),
    check(
      'orders_progress_only_when_paid',
      sql`${order.progressRemaining} = ${ticks} or ${order.capturedMinor} > 0 or ${order.paymentStatus} = 'refunded'`,
    ),
    check('orders_shipping_countries_not_empty', sql`cardinality(${order.shippingCountries}) > 0`),
    check('orders_fulfilment_known', isOneOf(order.fulfilment, fulfilments)),
    check(
      'orders_manual_without_ticks',
      sql`${order.fulfilment} = 'demo' or ${order.progressRemaining} in (0, ${ticks})`,
    ),
    check(
      'orders_ready_when_paid',
      sql`${order.readyAt} is null or (${order.fulfilment} = 'manual' and ${order.capturedMinor} > 0)`,
    ),
    check(
      'orders_manual_shipped',
      sql`(${order.shippedAt} is not null) = (${order.fulfilment} = 'manual' and ${order.status} = 'DISPATCHED')`,
    ),
    check(
      'orders_parcel_when_shipped',
      sql`${order.shippedAt} is not null or (${order.carrier} is null and ${order.trackingUrl} is null)`,
    ),
    check('orders_carrier_bounded', sql`length(${order.carrier}) between 1 and ${maxCarrier}`),
    check(
      'orders_tracking_url_https',
      sql`${order.trackingUrl} like 'https://%' and length(${order.trackingUrl}) <= ${maxTrackingUrl}`,
    ),
    // Gateways refuse a payment of 0.
    check('orders_total_positive', sql`${order.totalMinor} >= 1`),
    check('orders_adjustments_valid', areValidAdjustments(order.adjustments)),
    check('orders_currency_iso_4217', sql`${order.currency} ~ '^[A-Z]{3}$'`),
  ],
);

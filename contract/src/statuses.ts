/**
 * An order is PENDING, then PAID, then DISPATCHED. A PENDING or PAID order can become CANCELLED instead. A sold-out
 * order is CANCELLED from the beginning.
 */
export const orderStatuses = ['PENDING', 'PAID', 'DISPATCHED', 'CANCELLED'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** The values of `order_status` in HTTP messages. */
export const orderStatusCodes = {
  PENDING: 0,
  DISPATCHED: 1,
  PAID: 2,
  CANCELLED: -1,
} as const satisfies Record<OrderStatus, number>;

/** Whether the status is final. */
export function isOver(status: OrderStatus): boolean {
  return status === 'DISPATCHED' || status === 'CANCELLED';
}

/**
 * `none`: the order was sold out, so the store never asked for a payment. After a payment is captured, the status is
 * `refunding` while a refund is pending. If no refund is pending, the status is `paid`, `partially_refunded` or
 * `refunded`, depending on how much of the payment has been refunded.
 */
export const paymentStatuses = [
  'none',
  'pending',
  'paid',
  'failed',
  'expired',
  'cancelled',
  'refunding',
  'partially_refunded',
  'refunded',
] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

export const cancelReasons = ['sold_out', 'payment_failed', 'payment_expired', 'cancelled'] as const;
export type CancelReason = (typeof cancelReasons)[number];

/**
 * `pending`: the amount is reserved, and the gateway has not completed the refund. A failed refund reserves nothing.
 */
export const refundStatuses = ['pending', 'succeeded', 'failed'] as const;
export type RefundStatus = (typeof refundStatuses)[number];

/**
 * Why a failed refund needs no operator, although no other refund has replaced it. `outside`: an operator has paid the
 * shopper in another way. `gateway`: other refunds or disputes at the gateway had already taken the money, so nothing
 * was left for the store's own refund.
 */
export const settlements = { outside: 'outside', gateway: 'gateway' } as const;

/**
 * Where a refund comes from: an operator, the cancellation of a paid order, a payment of a cancelled order, or the
 * gateway's dashboard.
 */
export const refundSources = ['operator', 'cancellation', 'late_payment', 'gateway'] as const;
export type RefundSource = (typeof refundSources)[number];

/**
 * When a dispute is opened, the shopper's bank takes the disputed money, unless the bank only inquires. If the dispute
 * is `won`, the store gets the money back. If the dispute is `lost`, the shopper keeps the money.
 */
export const disputeStatuses = ['open', 'won', 'lost'] as const;
export type DisputeStatus = (typeof disputeStatuses)[number];

/**
 * What an operator must decide about. `money_kept`: the store still has money of a cancelled order after a dispute.
 * `stock_kept`: the shopper has got the whole payment of a paid order back, and the order still holds pieces.
 * `event_failed`: an outgoing event could not be delivered.
 */
export const attentionKinds = ['refund_failed', 'dispute_open', 'money_kept', 'stock_kept', 'event_failed'] as const;
export type AttentionKind = (typeof attentionKinds)[number];

/**
 * Why an operator changes the stock of a product: a delivery, goods that cannot be sold, or a difference that was found
 * when the goods were counted.
 */
export const adjustmentReasons = ['received', 'written_off', 'counted'] as const;
export type AdjustmentReason = (typeof adjustmentReasons)[number];

/**
 * Why stock changed. `restock`: the stock was set to a number of units. `return`: units of an order came back to the
 * stock, with or without a refund.
 */
export const stockMovementKinds = ['seed', 'restock', 'hold', 'release', 'return', ...adjustmentReasons] as const;
export type StockMovementKind = (typeof stockMovementKinds)[number];

/**
 * How a paid order becomes DISPATCHED. `demo`: a countdown of ten seconds. `manual`: an operator ships the order. These
 * are the values of `FULFILMENT`.
 */
export const fulfilments = ['demo', 'manual'] as const;
export type Fulfilment = (typeof fulfilments)[number];

/**
 * `progress_remaining` of a new order. The dispatch of a demo order decreases the value by 1 each second. The shipment
 * of a manual order sets the value to 0. At 0 the order is DISPATCHED.
 */
export const dispatchTicks = 10;

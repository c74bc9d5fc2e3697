/** The statuses of an order, in the sequence in which an order passes through them. */
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
 * `none`: sold out, so no payment was ever requested. After a payment was captured, its refunds decide the status:
 * `paid` without a refund, `refunding` while a refund is pending, then `partially_refunded`, or `refunded` for the
 * whole payment.
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
 * Why a failed refund needs nobody, unless another refund has replaced it: an operator paid the shopper in another way,
 * or refunds or disputes at the gateway had already taken the money of the store's own refund.
 */
export const settlements = { outside: 'outside', gateway: 'gateway' } as const;

/**
 * Who asked for a refund: an operator, the cancellation of a paid order, a payment of a cancelled order, or somebody in the
 * gateway's dashboard.
 */
export const refundSources = ['operator', 'cancellation', 'late_payment', 'gateway'] as const;
export type RefundSource = (typeof refundSources)[number];

/**
 * A shopper's bank takes the money of a dispute when it is opened. The store gets the money back if the dispute is
 * `won`, and not if it is `lost`.
 */
export const disputeStatuses = ['open', 'won', 'lost'] as const;
export type DisputeStatus = (typeof disputeStatuses)[number];

/**
 * What needs an operator: a failed refund, an open dispute, or a cancelled order whose money stays with the store after
 * a dispute.
 */
export const attentionKinds = ['refund_failed', 'dispute_open', 'money_kept'] as const;
export type AttentionKind = (typeof attentionKinds)[number];

/**
 * `progress_remaining` of a new order. The dispatch counts it down, one tick a second; at 0 the order is DISPATCHED.
 */
export const dispatchTicks = 10;

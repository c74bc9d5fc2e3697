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
 * `none`: the order was sold out, so the store never asked for a payment. `refunding`: the order is cancelled, and the refund of
 * its payment is not complete. `refunded`: the whole payment was refunded.
 */
export const paymentStatuses = [
  'none',
  'pending',
  'paid',
  'failed',
  'expired',
  'cancelled',
  'refunding',
  'refunded',
] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

export const cancelReasons = ['sold_out', 'payment_failed', 'payment_expired', 'cancelled'] as const;
export type CancelReason = (typeof cancelReasons)[number];

/** Why a refund is made: the payment came late, the order was cancelled after it was paid, or a person asked for it. */
export const refundCauses = ['late', 'cancelled', 'by_hand'] as const;
export type RefundCause = (typeof refundCauses)[number];

/**
 * `progress_remaining` of a new order. The dispatch counts it down, one tick a second; at 0 the order is DISPATCHED.
 */
export const dispatchTicks = 10;

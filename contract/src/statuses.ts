/** In the sequence of an order's life. */
export const orderStatuses = ['PENDING', 'PAID', 'DISPATCHED', 'CANCELLED'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** `order_status` on the wire. */
export const orderStatusCodes = {
  PENDING: 0,
  DISPATCHED: 1,
  PAID: 2,
  CANCELLED: -1,
} as const satisfies Record<OrderStatus, number>;

/** Whether an order is final: its status never changes again. */
export function isOver(status: OrderStatus): boolean {
  return status === 'DISPATCHED' || status === 'CANCELLED';
}

/**
 * `none`: sold out, so no payment was ever requested. `refunding`: cancelled, and the refund of its payment is not
 * complete. `refunded`: the whole payment was refunded.
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

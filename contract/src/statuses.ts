/** In the order in which an order comes to them. */
export const orderStatuses = ['PENDING', 'PAID', 'DISPATCHED', 'CANCELLED'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** The integer that each has on the wire. */
export const orderStatusCodes = {
  PENDING: 0,
  DISPATCHED: 1,
  PAID: 2,
  CANCELLED: -1,
} as const satisfies Record<OrderStatus, number>;

/** Whether an order has reached its end: nothing changes its status any more. */
export function isOver(status: OrderStatus): boolean {
  return status === 'DISPATCHED' || status === 'CANCELLED';
}

/**
 * `none` is an order that never asked for a payment, because its stock was not there. `refunding` is a cancelled order whose
 * money is on its way back; at `refunded` nothing of it is kept.
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

/** What a refund is due to: a payment that came late, an order that was cancelled after it was paid, or a person. */
export const refundCauses = ['late', 'cancelled', 'by_hand'] as const;
export type RefundCause = (typeof refundCauses)[number];

/** `progress_remaining` of a new order: one tick a second down to 0, where it is dispatched. */
export const dispatchTicks = 10;

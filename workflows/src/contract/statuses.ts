/** Order statuses and the integer each has on the wire. */
export const orderStatusCodes = {
  PENDING: 0,
  DISPATCHED: 1,
  PAID: 2,
  CANCELLED: -1,
} as const;

export type OrderStatus = keyof typeof orderStatusCodes;

/** `none` is an order that never asked for a payment, because its stock was not there. */
export const paymentStatuses = ['none', 'pending', 'paid', 'failed', 'expired', 'cancelled'] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

export const cancelReasons = ['sold_out', 'payment_failed', 'payment_expired', 'cancelled'] as const;
export type CancelReason = (typeof cancelReasons)[number];

/** `progress_remaining` of a new order: one tick a second down to 0, where it is dispatched. */
export const dispatchTicks = 10;

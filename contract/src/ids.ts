export const idempotencyKeyPattern = /^[A-Za-z0-9_-]{1,200}$/;
export const orderIdPattern = /^ord_[0-9a-f]{32}$/;
export const paymentIdPattern = /^pay_[0-9a-f]{32}$/;
export const refundIdPattern = /^ref_[0-9a-f]{32}$/;
export const disputeIdPattern = /^dis_[0-9a-f]{32}$/;
export const outgoingEventIdPattern = /^evt_[0-9a-f]{32}$/;

/** Whether the text is a valid idempotency key: 1 to 200 of the characters `A-Z a-z 0-9 _ -`. */
export function isIdempotencyKey(text: string): boolean {
  return idempotencyKeyPattern.test(text);
}

/** Whether the text has the form of an order id; the order need not exist. */
export function isOrderId(text: string): boolean {
  return orderIdPattern.test(text);
}

/** Whether the text has the form of a payment id; the payment need not exist. */
export function isPaymentId(text: string): boolean {
  return paymentIdPattern.test(text);
}

/**
 * @param randomHex 128 random bits as 32 lower-case hexadecimal digits. The id must be impossible to guess, because
 * anybody who knows it can see the order
 */
export function orderIdFrom(randomHex: string): string {
  return `ord_${randomHex}`;
}

/** @param randomHex 128 random bits as 32 lower-case hexadecimal digits */
export function paymentIdFrom(randomHex: string): string {
  return `pay_${randomHex}`;
}

/** Whether the text has the form of a refund id; the refund need not exist. */
export function isRefundId(text: string): boolean {
  return refundIdPattern.test(text);
}

/** @param hex 32 lower-case hexadecimal digits */
export function refundIdFrom(hex: string): string {
  return `ref_${hex}`;
}

/** @param hex 32 lower-case hexadecimal digits */
export function disputeIdFrom(hex: string): string {
  return `dis_${hex}`;
}

/**
 * The id of the refund that the store itself makes: after the cancellation of a paid order, or after a payment of a
 * cancelled order. The id depends only on the order id. After a restore of Postgres or Temporal, the store therefore
 * uses the same id again and does not make a second refund.
 */
export function ownRefundId(orderId: string): string {
  return orderId.replace('ord_', 'ref_');
}

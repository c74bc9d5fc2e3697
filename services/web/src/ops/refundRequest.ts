import type { OpsOrderBody } from '@widget-store/api';
import { decimalAmount, formatMoney, paidOutsideMinor, parseAmount } from '@widget-store/contract';
import type { RefundRequest } from './orderApi.js';
import { opsTexts } from './texts.js';

/** What an operator has entered in the refund form. */
export interface RefundDraft {
  /** The number of units that come back into stock, by product id. */
  quantities: Record<number, number>;
  /** Null if the operator has not entered an amount. */
  amount: string | null;
  reason: string;
  /**
   * The request that was sent and has no answer. Null if there is no such request, or if the operator has changed the
   * draft since then.
   */
  unanswered: SentRefund | null;
}

export interface SentRefund {
  request: RefundRequest;
  /** The idempotency key. */
  key: string;
}

export const emptyDraft: RefundDraft = { quantities: {}, amount: null, reason: '', unanswered: null };

export interface ProposedRefund {
  /** Empty if the operator has entered neither an amount nor units. */
  amount: string;
  leftMinor: number;
  /** The items of which units can come back into stock. */
  returnable: OpsOrderBody['items'];
  /** Null if the amount cannot be refunded, or if more units are returned than the order still has. */
  request: RefundRequest | null;
}

/**
 * What can still be refunded, in integer minor units. Never negative, although a dispute can take money that was
 * already refunded.
 */
export function refundableMinor(order: OpsOrderBody): number {
  return Math.max(0, order.captured_minor - order.refunded_minor - order.disputed_minor - paidAnotherWayMinor(order));
}

/** The sum of the failed refunds that an operator has paid in another way, in integer minor units. */
export function paidAnotherWayMinor({ refunds }: Pick<OpsOrderBody, 'refunds'>): number {
  return paidOutsideMinor(
    refunds.map(({ amount_minor: amountMinor, status, settled_by: settledBy }) => ({ amountMinor, status, settledBy })),
  );
}

/** What can still be refunded, in words; null if nothing can. */
export function refundableText(order: OpsOrderBody): string | null {
  const minor = refundableMinor(order);
  return minor > 0 ? formatMoney({ minor, currency: order.currency }) : null;
}

/** The price after discounts of the pieces that are back in stock, in integer minor units. */
export function returnedMinor(order: OpsOrderBody): number {
  return discounted(order, pricesMinor(order.items.map((item) => ({ ...item, quantity: item.returned }))));
}

/** Why nothing of the order can be refunded; null if a part of its payment can. */
export function notRefundableReason(order: OpsOrderBody): string | null {
  const { captured_minor: captured, disputed_minor: disputed, currency } = order;
  const { nothingPaid, nothingLeft, nothingLeftAfter } = opsTexts.refund;
  if (refundableMinor(order) > 0) return null;
  if (captured === 0) return nothingPaid;
  return disputed === 0 ? nothingLeft : nothingLeftAfter(formatMoney({ minor: disputed, currency }));
}

/**
 * The request that makes a failed refund again. Its amount is that of the failed refund or the rest of the payment,
 * whichever is less. The key contains the id of the failed refund and the amount. Repeated clicks therefore make only
 * one refund, and a request with another amount gets another key.
 *
 * @returns null if nothing is left
 */
export function refundAgain(order: OpsOrderBody, failed: OpsOrderBody['refunds'][number]): SentRefund | null {
  const { refund_id: replaces, reason } = failed;
  const minor = Math.min(failed.amount_minor, refundableMinor(order));
  if (minor === 0) return null;
  const request = { amount_minor: minor, ...(reason === null ? {} : { reason }), restock: [], replaces };
  return { request, key: `again-${replaces}-${minor}` };
}

/**
 * Computes the refund that a draft describes. If the draft has units but no amount, proposes their price after
 * discounts. If the draft has a request without an answer, returns that request unchanged, even if the order has
 * changed, because this request has possibly changed the order.
 */
export function proposeRefund(order: OpsOrderBody, draft: RefundDraft): ProposedRefund {
  const { currency } = order;
  const leftMinor = refundableMinor(order);
  const returnable = returnableItems(order);
  const lines = returnable.flatMap((item) => {
    const quantity = Math.min(draft.quantities[item.product_id] ?? 0, item.quantity - item.returned);
    return quantity > 0 ? [{ item, quantity }] : [];
  });
  const linesMinor = discounted(order, pricesMinor(lines.map(({ item, quantity }) => ({ ...item, quantity }))));
  const { unanswered } = draft;
  if (unanswered !== null) {
    const { request } = unanswered;
    const sent = decimalAmount({ minor: request.amount_minor, currency });
    return { amount: sent, leftMinor, returnable, request };
  }
  const linesAmount = lines.length === 0 ? '' : decimalAmount({ minor: Math.min(linesMinor, leftMinor), currency });
  const amount = draft.amount ?? linesAmount;
  const amountMinor = parseAmount(amount, currency) ?? 0;
  const hasTooMany = returnable.some(
    (item) => (draft.quantities[item.product_id] ?? 0) > item.quantity - item.returned,
  );
  const isPossible = amountMinor >= 1 && amountMinor <= leftMinor && !hasTooMany;
  const reason = draft.reason.trim();
  const request = {
    amount_minor: amountMinor,
    ...(reason === '' ? {} : { reason }),
    restock: lines.map(({ item, quantity }) => ({ product_id: item.product_id, quantity })),
  };
  return { amount, leftMinor, returnable, request: isPossible ? request : null };
}

/**
 * The items of which units can come back into stock. A pending order has sold nothing, and the units of a cancelled
 * order are already back.
 */
export function returnableItems({ status, items }: OpsOrderBody): OpsOrderBody['items'] {
  if (status === 'PENDING' || status === 'CANCELLED') return [];
  return items.filter((item) => item.returned < item.quantity);
}

const pricesMinor = (items: { price_minor: number; quantity: number }[]): number =>
  items.reduce((sum, { price_minor: minor, quantity }) => sum + minor * quantity, 0);

/** A discount of an order lowers each price by the same share. */
function discounted({ items, adjustments }: OpsOrderBody, minor: number): number {
  const itemsMinor = pricesMinor(items);
  const discounts = adjustments.filter(({ kind }) => kind === 'discount');
  const discountMinor = discounts.reduce((sum, { amount_minor: amount }) => sum + amount, 0);
  return Math.max(0, Math.floor((minor * (itemsMinor + discountMinor)) / itemsMinor));
}

/**
 * The question before a refund. It names the order, the amount, what was paid, and the units that go back into stock.
 */
export function refundQuestion(
  { currency, captured_minor: paidMinor, order_number: number, items }: OpsOrderBody,
  request: RefundRequest | null,
): { title: string; consequences: string[] } {
  const money = (minor: number): string => formatMoney({ minor, currency });
  const amount = money(request?.amount_minor ?? 0);
  const restocked = (request?.restock ?? []).map(({ product_id: productId, quantity }) => {
    const product = items.find((item) => item.product_id === productId)?.product ?? '';
    return opsTexts.refund.units(product, quantity);
  });
  return {
    title: opsTexts.refund.question({ amount, paid: money(paidMinor), number }),
    consequences: opsTexts.refund.consequences(amount, restocked),
  };
}

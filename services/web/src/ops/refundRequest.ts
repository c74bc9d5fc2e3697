import type { OpsOrderBody } from '@widget-store/api';
import { decimalAmount, parseAmount } from '@widget-store/contract';
import type { RefundRequest } from './api.js';

/** What an operator has entered in the refund form. */
export interface RefundDraft {
  /** The number of units to refund, by product id. */
  quantities: Record<number, number>;
  /** Null if the operator has not changed the proposed amount. */
  amount: string | null;
  reason: string;
  restocks: boolean;
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

export const emptyDraft: RefundDraft = { quantities: {}, amount: null, reason: '', restocks: true, unanswered: null };

export interface ProposedRefund {
  amount: string;
  leftMinor: number;
  hasLines: boolean;
  /** Null if the amount cannot be refunded. */
  request: RefundRequest | null;
}

/**
 * What can still be refunded, in integer minor units. Never negative, although a dispute can take money that was
 * already refunded.
 */
export function refundableMinor(order: OpsOrderBody): number {
  return Math.max(0, order.captured_minor - order.refunded_minor - order.disputed_minor);
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
 * Computes the refund that a draft describes. If the draft has neither units nor an amount, proposes the rest of the
 * payment. If the draft has a request without an answer, returns that request unchanged, even if the order has changed,
 * because the request itself may have changed the order.
 */
export function proposeRefund(order: OpsOrderBody, draft: RefundDraft): ProposedRefund {
  const { currency, items } = order;
  const leftMinor = refundableMinor(order);
  const lines = items.flatMap((item) => {
    const quantity = Math.min(draft.quantities[item.product_id] ?? 0, item.quantity - item.returned);
    return quantity > 0 ? [{ item, quantity }] : [];
  });
  const linesMinor = lines.reduce((sum, { item, quantity }) => sum + item.price_minor * quantity, 0);
  const proposedMinor = lines.length === 0 ? leftMinor : Math.min(linesMinor, leftMinor);
  const { unanswered } = draft;
  if (unanswered !== null) {
    const { request } = unanswered;
    const sent = decimalAmount({ minor: request.amount_minor, currency });
    return { amount: sent, leftMinor, hasLines: lines.length > 0, request };
  }
  const amount = draft.amount ?? decimalAmount({ minor: proposedMinor, currency });
  const amountMinor = parseAmount(amount, currency) ?? 0;
  const isPossible = amountMinor >= 1 && amountMinor <= leftMinor;
  const reason = draft.reason.trim();
  // The units of a cancelled order are already back in stock.
  const restocked = draft.restocks && order.status !== 'CANCELLED' ? lines : [];
  const request = {
    amount_minor: amountMinor,
    ...(reason === '' ? {} : { reason }),
    restock: restocked.map(({ item, quantity }) => ({ product_id: item.product_id, quantity })),
  };
  return { amount, leftMinor, hasLines: lines.length > 0, request: isPossible ? request : null };
}

import type { OpsOrderBody } from '@widget-store/api';
import { decimalAmount, parseAmount } from '@widget-store/contract';
import type { RefundRequest } from './api.js';

/** What an operator has entered. */
export interface RefundDraft {
  /** Units that are refunded, by product id. */
  quantities: Record<number, number>;
  /** Null if the operator has not changed the proposed amount. */
  amount: string | null;
  reason: string;
  restocks: boolean;
}

export const emptyDraft: RefundDraft = { quantities: {}, amount: null, reason: '', restocks: true };

export interface ProposedRefund {
  amount: string;
  leftMinor: number;
  hasLines: boolean;
  /** Null if the amount cannot be refunded. */
  request: RefundRequest | null;
}

/** What can still be refunded, in integer minor units. A dispute can take money that was refunded before. */
export function refundableMinor(order: OpsOrderBody): number {
  return Math.max(0, order.captured_minor - order.refunded_minor - order.disputed_minor);
}

/** Computes the refund that a draft describes. Without units and without an amount, the refund is all that is left. */
export function proposeRefund(order: OpsOrderBody, draft: RefundDraft): ProposedRefund {
  const { currency, items } = order;
  const leftMinor = refundableMinor(order);
  const lines = items.flatMap((item) => {
    const quantity = Math.min(draft.quantities[item.product_id] ?? 0, item.quantity - item.returned);
    return quantity > 0 ? [{ item, quantity }] : [];
  });
  const linesMinor = lines.reduce((sum, { item, quantity }) => sum + item.price_minor * quantity, 0);
  const proposedMinor = lines.length === 0 ? leftMinor : Math.min(linesMinor, leftMinor);
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

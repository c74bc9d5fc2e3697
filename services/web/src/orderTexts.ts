import type { OrderBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { formatDateTime, formatMoment } from './format.js';
import { cancelReasonTexts, orderStatusTexts, texts } from './texts.js';

interface OrderTexts {
  /** The status in one or two words. */
  name: string;
  /** What the status means for the shopper, the most important sentence first. */
  sentences: string[];
}

type OrderState = Pick<OrderBody, 'status' | 'payment_status' | 'cancel_reason' | 'expires_at' | 'refund' | 'currency'>;

export interface OrderView {
  order: OrderState;
  /** Whether the shopper has just returned from the gateway's page. */
  returned: boolean;
  /** When the order was last fetched, in milliseconds since the epoch. */
  nowMs: number;
}

/** The texts for an order. They say that an order is paid only after the api has said so. */
export function orderTexts({ order, returned, nowMs }: OrderView): OrderTexts {
  const { name, sentence } = orderStatusTexts[order.status];
  const { status, cancel_reason: reason } = order;
  if (status === 'PENDING' && returned) {
    const askedAt = formatMoment({ time: Date.parse(order.expires_at), nowMs });
    return {
      name: texts.order.confirming,
      sentences: [texts.order.confirmingNow, texts.order.confirmingLate(askedAt)],
    };
  }
  if (status !== 'CANCELLED') return { name, sentences: [sentence] };
  return { name, sentences: [reason === null ? sentence : cancelReasonTexts[reason], ...refundSentences(order)] };
}

/** What happened to the payment of a cancelled order. */
function refundSentences({ payment_status: payment, refund, cancel_reason: reason, currency }: OrderState): string[] {
  const paidLate = reason === 'cancelled' ? [] : [texts.order.paidLate];
  switch (payment) {
    case 'refunding':
      return [...paidLate, texts.order.refunding];
    case 'refunded': {
      if (refund === null || refund.amount_minor === 0) return [texts.order.nothingCharged];
      const amount = formatMoney({ minor: refund.amount_minor, currency });
      return [...paidLate, texts.order.refunded({ amount, time: formatDateTime(refund.refunded_at) })];
    }
    case 'expired':
    case 'cancelled':
      return [texts.order.ifPaid];
    default:
      return [];
  }
}

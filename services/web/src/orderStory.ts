import type { OrderBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { formatDateTime, formatMoment } from './format.js';
import { cancelReasonTexts, orderStatusTexts, texts } from './texts.js';

interface OrderStory {
  /** The status in a word or two. */
  name: string;
  /** What it means, most important first. */
  sentences: string[];
}

type ToldOrder = Pick<OrderBody, 'status' | 'payment_status' | 'cancel_reason' | 'expires_at' | 'refund' | 'currency'>;

export interface OrderSeen {
  order: ToldOrder;
  /** The shopper has just come back from the gateway's page. */
  returned: boolean;
  /** When it was last looked at, in milliseconds since the epoch. */
  nowMs: number;
}

/** What the shopper is told of an order. An order is never called paid before the api says so. */
export function orderStory({ order, returned, nowMs }: OrderSeen): OrderStory {
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
  return { name, sentences: [reason === null ? sentence : cancelReasonTexts[reason], ...moneySentences(order)] };
}

/** Where the money of a cancelled order is. */
function moneySentences({ payment_status: payment, refund, cancel_reason: reason, currency }: ToldOrder): string[] {
  const cameLate = reason === 'cancelled' ? [] : [texts.order.cameLate];
  switch (payment) {
    case 'refunding':
      return [...cameLate, texts.order.refunding];
    case 'refunded': {
      if (refund === null || refund.amount_minor === 0) return [texts.order.nothingCharged];
      const amount = formatMoney({ minor: refund.amount_minor, currency });
      return [...cameLate, texts.order.refunded({ amount, time: formatDateTime(refund.refunded_at) })];
    }
    case 'expired':
    case 'cancelled':
      return [texts.order.ifPaid];
    default:
      return [];
  }
}

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

type OrderState = Pick<
  OrderBody,
  'status' | 'payment_status' | 'cancel_reason' | 'expires_at' | 'refunds' | 'currency'
>;

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
  if (status !== 'CANCELLED') return { name, sentences: [sentence, ...refundSentences(order)] };
  return { name, sentences: [reason === null ? sentence : cancelReasonTexts[reason], ...refundSentences(order)] };
}

/** What was refunded of the payment. */
function refundSentences(order: OrderState): string[] {
  const { status, payment_status: payment, cancel_reason: reason } = order;
  const paidLate = status === 'CANCELLED' && reason !== 'cancelled' ? [texts.order.paidLate] : [];
  switch (payment) {
    case 'refunding':
      return [...paidLate, texts.order.refunding];
    case 'partially_refunded':
    case 'refunded':
      return refundsMade(order).length === 0 ? [texts.order.nothingCharged] : [...paidLate, refundedSentence(order)];
    case 'expired':
    case 'cancelled':
      return [texts.order.ifPaid];
    default:
      return [];
  }
}

function refundsMade({ refunds }: OrderState): OrderState['refunds'] {
  return refunds.filter(({ status }) => status === 'succeeded');
}

function refundedSentence(order: OrderState): string {
  const made = refundsMade(order);
  const { currency } = order;
  const minor = made.reduce((sum, refund) => sum + refund.amount_minor, 0);
  const last =
    made
      .map((refund) => refund.updated_at)
      .toSorted()
      .at(-1) ?? '';
  return texts.order.refunded({ amount: formatMoney({ minor, currency }), time: formatDateTime(last) });
}

import type { OrderBody } from '@widget-store/api';
import { formatMoney, orderStatusNames, paymentStatusNames } from '@widget-store/contract';
import { formatDateTime, formatMoment } from './format.js';
import { cancelReasonTexts, orderStatusSentences, texts } from './texts.js';

interface OrderTexts {
  /** The status in one or two words. */
  name: string;
  /** What the status means for the shopper, the most important sentence first. */
  sentences: string[];
}

type OrderState = Pick<
  OrderBody,
  | 'status'
  | 'payment_status'
  | 'cancel_reason'
  | 'expires_at'
  | 'captured_minor'
  | 'refunded_minor'
  | 'refunds'
  | 'paid_another_way'
  | 'disputed_minor'
  | 'lost_minor'
  | 'currency'
  | 'fulfilment'
  | 'carrier'
> & { items: Pieces };

type Pieces = readonly Pick<OrderBody['items'][number], 'quantity' | 'returned'>[];

export interface OrderView {
  order: OrderState;
  /** Whether the shopper has just returned from the gateway's page. */
  returned: boolean;
  /** When the order was last fetched, in milliseconds since the epoch. */
  nowMs: number;
}

/** The heading of the order's page, which says what has become of the order. */
export function orderHeading({ order, returned }: Pick<OrderView, 'order' | 'returned'>): string {
  const { headings } = texts.order;
  const isRefunded = isPaidBack(order) && order.captured_minor > 0;
  const paidBack = order.lost_minor > 0 ? headings.returned : headings.refunded;
  switch (order.status) {
    case 'PENDING':
      return returned ? headings.confirming : headings.pending;
    case 'PAID':
      return isRefunded ? paidBack : headings.confirmed;
    case 'DISPATCHED':
      return isRefunded ? paidBack : headings.shipped;
    case 'CANCELLED':
      return isRefunded && order.lost_minor === 0 ? headings.cancelledAndRefunded : headings.cancelled;
    default:
      return order.status satisfies never;
  }
}

/** The texts for an order. These texts call an order paid only if the api reports the status `PAID` or `DISPATCHED`. */
export function orderTexts({ order, returned, nowMs }: OrderView): OrderTexts {
  const { status, cancel_reason: reason } = order;
  const name = orderStatusNames[status];
  if (status === 'PENDING' && returned) {
    const askedAt = formatMoment({ time: Date.parse(order.expires_at), nowMs });
    return {
      name: texts.order.confirming,
      sentences: [texts.order.confirmingNow, texts.order.confirmingLate(askedAt)],
    };
  }
  if (status !== 'CANCELLED') return { name, sentences: [...deliverySentences(order), ...refundSentences(order)] };
  return {
    name,
    sentences: [reason === null ? orderStatusSentences[status] : cancelReasonTexts[reason], ...refundSentences(order)],
  };
}

function deliverySentences(order: OrderState): string[] {
  const { status, carrier } = order;
  if (isWaitingToShip(order)) return [waitingSentence(order)];
  const sentence = orderStatusSentences[status];
  return carrier === null ? [sentence] : [sentence, texts.order.shippedWith(carrier)];
}

/** Whether an operator must still ship or cancel this paid order. */
export function isWaitingToShip({ status, fulfilment }: Pick<OrderState, 'status' | 'fulfilment'>): boolean {
  return status === 'PAID' && fulfilment === 'manual';
}

/** The shop packs no order whose payment a bank examines or has given back. */
function waitingSentence(order: OrderState): string {
  const { notPacking, notPackingYet, nothingToShip, packing } = texts.order;
  if (order.lost_minor > 0) return notPacking;
  if (isPaidBack(order) || isAllReturned(order.items)) return nothingToShip;
  return order.disputed_minor > 0 ? notPackingYet : packing;
}

/** Whether the shopper has all of the payment back: through refunds, from the bank, or in another way. */
export function isPaidBack(order: Omit<OrderState, 'items'>): boolean {
  const { captured_minor: captured, refunded_minor: refunded, lost_minor: lost, payment_status: payment } = order;
  if (payment === 'refunded') return true;
  // A pending refund can still fail.
  return captured > 0 && payment !== 'refunding' && refunded + lost + sumMinor(order.paid_another_way) >= captured;
}

/** The state of the payment in a few words, and what the shopper has back besides the refunds. */
export function paymentText(order: Omit<OrderState, 'items'>): string {
  const { paidAnotherWayToo, returnedToo } = texts.order;
  const outside = moneyText(sumMinor(order.paid_another_way), order);
  const lost = moneyText(order.lost_minor, order);
  return [
    paymentStatusNames[order.payment_status],
    ...(outside === null ? [] : [paidAnotherWayToo(outside)]),
    ...(lost === null ? [] : [returnedToo(lost)]),
  ].join(', ');
}

/** An amount in words; null for 0. */
function moneyText(minor: number, { currency }: Pick<OrderState, 'currency'>): string | null {
  return minor === 0 ? null : formatMoney({ minor, currency });
}

/** Whether all pieces of an order are back in stock. */
export function isAllReturned(items: Pieces): boolean {
  return items.every(({ quantity, returned }) => returned === quantity);
}

function refundSentences(order: OrderState): string[] {
  const { status, payment_status: payment, cancel_reason: reason } = order;
  if (payment === 'failed') return [texts.order.notCharged];
  // A payment can be on its way, so the store does not know whether the shopper was charged.
  if (payment === 'expired') return [texts.order.ifPaid];
  if (payment === 'cancelled') return [texts.order.notReceived, texts.order.ifPaid];
  const lost = moneyText(order.lost_minor, order);
  const sentences = [
    ...madeSentence(order),
    ...order.paid_another_way.map(({ amount_minor: minor, recorded_at: time }) =>
      texts.order.paidAnotherWay({
        amount: formatMoney({ minor, currency: order.currency }),
        time: formatDateTime(time),
      }),
    ),
    ...(lost === null ? [] : [texts.order.returned(lost)]),
    ...amountSentence(order, 'pending'),
    ...amountSentence(order, 'failed'),
  ];
  if (sentences.length === 0) return payment === 'refunded' ? [texts.order.notCharged] : [];
  const isLate = status === 'CANCELLED' && reason !== 'cancelled';
  return isLate ? [texts.order.paidLate, ...sentences] : sentences;
}

function madeSentence({ refunds, currency }: OrderState): string[] {
  const made = refunds.filter(({ status }) => status === 'succeeded');
  const minor = sumMinor(made);
  if (minor === 0) return [];
  const amount = formatMoney({ minor, currency });
  const [first, ...others] = made;
  if (first === undefined || others.length > 0) return [texts.order.refundedInParts({ amount, parts: made.length })];
  return [texts.order.refunded({ amount, time: formatDateTime(first.updated_at) })];
}

function amountSentence(order: OrderState, status: 'pending' | 'failed'): string[] {
  const minor = sumMinor(order.refunds.filter((one) => one.status === status));
  const text = { pending: texts.order.refunding, failed: texts.order.refundFailed }[status];
  return minor === 0 ? [] : [text(formatMoney({ minor, currency: order.currency }))];
}

/** The sum of refunds or disputes, in integer minor units. */
export function sumMinor(parts: readonly { amount_minor: number }[]): number {
  return parts.reduce((sum, { amount_minor: minor }) => sum + minor, 0);
}

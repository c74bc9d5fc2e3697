import type { DisputeBody, OpsOrderBody, OrderReportBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { formatDateTime } from '../format.js';
import { isAllReturned, isWaitingToShip, sumMinor } from '../orderTexts.js';
import { cancelReasonTexts } from '../texts.js';
import { paidAnotherWayMinor, refundableMinor, refundableText, returnedMinor } from './refundRequest.js';
import { opsTexts } from './texts.js';

/** The parts of an order's report that decide about its shipment. */
type Shipping = Pick<OrderReportBody, 'order' | 'disputes'>;

interface NextSteps {
  /** Why the operator must not ship the order; null if no dispute forbids it. */
  warning: string | null;
  /** What the operator must do, the most urgent first. */
  sentences: string[];
}

/** What the operator must do with the order. */
export function nextSteps({ order, disputes }: Shipping): NextSteps {
  const { refundFailed, disputeOpen } = opsTexts.order.next;
  const failed = unsettledMinor(order) > 0 ? [refundFailed] : [];
  const open = disputes.some(({ status }) => status === 'open') ? [disputeOpen] : [];
  const warning = isWaitingToShip(order) ? shipWarning({ order, disputes }) : null;
  if (warning !== null) return { warning, sentences: [...failed, ...open] };
  // If nothing of the order is left to ship, the operator only has to settle the failed refund.
  const isDone = failed.length > 0 && isWaitingToShip(order) && notShippableReason({ order, disputes }) !== null;
  return { warning: null, sentences: [...failed, ...open, ...(isDone ? [] : stateSentences({ order, disputes }))] };
}

/** Why the operator must not ship the order, although the store would allow it; null if nothing forbids it. */
export function shipWarning({ order, disputes }: Shipping): string | null {
  const leftMinor = refundableMinor(order);
  // Somebody wanted to give all of the money back, and so no longer wanted to ship the order.
  const isRefundDue = leftMinor > 0 && unsettledMinor(order) >= leftMinor;
  return disputeWarning(disputes) ?? (isRefundDue ? opsTexts.order.next.refundDue : null);
}

function disputeWarning(disputes: DisputeBody[]): string | null {
  const { disputeLost, disputeUndecided } = opsTexts.order.next;
  const lost = disputes.filter(({ status }) => status === 'lost');
  const [first] = lost;
  if (first !== undefined) {
    return disputeLost(formatMoney({ minor: sumMinor(lost), currency: first.currency }));
  }
  return disputes.some(({ status }) => status === 'open') ? disputeUndecided : null;
}

/** Why the order cannot be shipped now; null if it can. The page asks this only of orders that are not shipped yet. */
export function notShippableReason({ order, disputes }: Shipping): string | null {
  const { fulfilment, status, captured_minor: captured, refunded_minor: refunded } = order;
  const { automatic, notPaid, allReturned, refunded: allRefunded, lost } = opsTexts.ship;
  if (fulfilment !== 'manual') return automatic;
  if (status === 'PENDING') return notPaid;
  if (isAllReturned(order.items)) return allReturned;
  const lostMinor = sumMinor(disputes.filter((dispute) => dispute.status === 'lost'));
  if (refunded + paidAnotherWayMinor(order) + lostMinor < captured) return null;
  return lostMinor > 0 ? lost : allRefunded;
}

/** Why the operator must not pack the order; null if nothing forbids it, or if the order is not packed by hand. */
export function notPackableReason(report: Shipping): string | null {
  const { status, fulfilment } = report.order;
  if (status === 'CANCELLED') return opsTexts.slip.cancelled;
  if (status === 'DISPATCHED' || fulfilment !== 'manual') return null;
  return nextSteps(report).warning ?? notShippableReason(report);
}

/** The consequences of erasing the buyer of the order, in the words of the dialog. */
export function eraseConsequences(report: Shipping): readonly string[] {
  const { consequences, notSent } = opsTexts.buyer.eraseDialog;
  const isToSend = isWaitingToShip(report.order) && notShippableReason(report) === null;
  return isToSend ? [notSent, ...consequences] : consequences;
}

/** The sum of the failed refunds that need an operator. */
function unsettledMinor({ refunds }: OpsOrderBody): number {
  return sumMinor(refunds.filter(({ status, settled_by: by }) => status === 'failed' && by === null));
}

function stateSentences(report: Shipping): string[] {
  const { status, fulfilment, expires_at: expiresAt, cancel_reason: reason, carrier } = report.order;
  const { pay, dispatch, done } = opsTexts.order.next;
  switch (status) {
    case 'PENDING':
      return [pay(formatDateTime(expiresAt))];
    case 'PAID':
      return fulfilment === 'manual' ? packSentences(report) : [dispatch];
    case 'DISPATCHED':
      return [done(carrier)];
    case 'CANCELLED':
      return reason === null ? [] : [cancelReasonTexts[reason]];
    default:
      return status satisfies never;
  }
}

function packSentences(report: Shipping): string[] {
  const { order } = report;
  const { ship, shipRest, allReturned, allRefunded, partRefunded } = opsTexts.order.next;
  if (isAllReturned(order.items)) return [allReturned(refundableText(order))];
  const { refunded_minor: refundedMinor, currency, items } = order;
  const refunded = refundedMinor + paidAnotherWayMinor(order);
  if (notShippableReason(report) !== null) return [allRefunded];
  const isUnexplained = refunded > returnedMinor(order);
  return [
    ...(isUnexplained ? [partRefunded(formatMoney({ minor: refunded, currency }))] : []),
    items.some(({ returned }) => returned > 0) ? shipRest : ship,
  ];
}

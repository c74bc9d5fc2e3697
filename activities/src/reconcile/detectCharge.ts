import type { OrderFacts } from '@widget-store/db';
import {
  type Anomaly,
  askedEventId,
  decimalAmount,
  isToMake,
  keptMinor,
  ownRefundId,
  paidOutsideMinor,
  paysFor,
  type Repair,
} from '@widget-store/contract';
import type { LedgerPayment } from '../gateway';

/**
 * A payment and the order that it belongs to. `payment` is null if the gateway does not know the payment. `order` is
 * null if no order has the payment.
 */
export interface Charge {
  paymentId: string;
  payment: LedgerPayment | null;
  order: OrderFacts | null;
}

interface DetectOptions {
  graceMs: number;
  /** Milliseconds since the epoch, by the database's clock. */
  nowMs: number;
}

/** Whether a run may still be working on the charge, because the charge changed within the grace period. */
export function isInFlight(charge: Charge, { graceMs, nowMs }: DetectOptions): boolean {
  return unchangedMs(charge, nowMs) < graceMs;
}

/** @returns undefined for a charge without an anomaly */
export function detectChargeAnomaly({ paymentId, payment, order }: Charge): Anomaly | undefined {
  const currency = payment?.currency ?? order?.currency ?? '';
  const captured = { amountMinor: payment?.capturedMinor ?? 0, currency };
  const kept = { amountMinor: payment === null ? 0 : keptMinor(payment), currency };
  if (order !== null)
    return detectUnknownAtGateway(order, payment) ?? detectWithOrder(paymentId, order, { captured, kept });
  if (kept.amountMinor === 0) return undefined;
  const detail = `The gateway keeps ${text(kept)} of a payment that no order has.`;
  return { kind: 'capture_without_order', detail, paymentId, repair: null };
}

/**
 * Finds a refund or dispute that the order shows but the gateway does not have. Ignores failed refunds and won
 * disputes.
 */
function detectUnknownAtGateway(
  { orderId, refunds, disputes }: OrderFacts,
  payment: LedgerPayment | null,
): Anomaly | undefined {
  if (payment === null) return undefined;
  const known = new Set([
    null,
    ...payment.refunds.map(({ gatewayRefundId }) => gatewayRefundId),
    ...payment.disputes.map(({ gatewayDisputeId }) => gatewayDisputeId),
  ]);
  const shown = [
    ...refunds.filter(({ status }) => status !== 'failed').map(({ gatewayRefundId }) => gatewayRefundId),
    ...disputes.filter(({ status }) => status !== 'won').map(({ gatewayDisputeId }) => gatewayDisputeId),
  ];
  const unknown = shown.filter((id) => !known.has(id));
  if (unknown.length === 0) return undefined;
  const detail = `The order shows a refund or dispute that the gateway does not have: ${unknown.join(', ')}.`;
  return { kind: 'unknown_at_gateway', detail, orderId, paymentId: payment.paymentId, repair: null };
}

function unchangedMs({ payment, order }: Charge, nowMs: number): number {
  const ofPayment = payment === null ? Infinity : nowMs - Date.parse(payment.updatedAt);
  // If the gateway's clock is fast, the age of the payment can be negative. A negative age is ignored if the payment
  // has an order.
  const isUseless = ofPayment < 0 && order !== null;
  return Math.min(isUseless ? Infinity : ofPayment, order?.unchangedMs ?? Infinity);
}

interface Amount {
  amountMinor: number;
  currency: string;
}

function detectWithOrder(
  paymentId: string,
  order: OrderFacts,
  { captured, kept }: { captured: Amount; kept: Amount },
): Anomaly | undefined {
  const { orderId, idempotencyKey, status } = order;
  const ids = { orderId, paymentId };
  const total = text({ amountMinor: order.totalMinor, currency: order.currency });
  switch (status) {
    case 'PENDING': {
      if (kept.amountMinor === 0) return undefined;
      if (paysFor(order, kept)) {
        const detail = `The gateway keeps ${text(kept)}, and the order is still waiting for the payment.`;
        const repair = { action: 'signal_paid', idempotencyKey, orderId } as const;
        return { kind: 'payment_not_noticed', detail, ...ids, repair };
      }
      const detail = `The gateway keeps ${text(kept)} for a pending order of ${total}.`;
      return { kind: 'wrong_amount_captured', detail, ...ids, repair: null };
    }
    case 'PAID':
    case 'DISPATCHED': {
      // An order that was paid by an unsigned webhook of demo mode has no event id. The gateway may have captured
      // nothing for such an order, or perhaps does not even know the payment.
      if (paysFor(order, captured) || order.paymentEventId === null) return undefined;
      const detail = `The order is ${status} for ${total}, and the gateway has captured ${text(captured)}.`;
      return { kind: 'paid_without_capture', detail, ...ids, repair: null };
    }
    case 'CANCELLED': {
      // `compareOrders` covers refunds that a run still has to make.
      if (kept.amountMinor <= paidOutsideMinor(order.refunds) || order.refunds.some(isToMake)) return undefined;
      const detail = `The gateway keeps ${text(kept)} for an order that is cancelled.`;
      // If a refund has failed, a person must find out why. If there was a dispute, a person must decide what happens
      // with the money.
      const needsDecision = order.disputes.length > 0 || order.refunds.some((refund) => refund.status === 'failed');
      if (needsDecision && showsMoney(order, kept)) return undefined;
      return {
        kind: 'captured_for_cancelled_order',
        detail,
        ...ids,
        repair: needsDecision ? null : refundOf(order, captured),
      };
    }
    default:
      return status satisfies never;
  }
}

/**
 * Whether the order itself shows the money that the gateway keeps for it after a dispute or a failed refund. The
 * operations page then lists the order (`listAttention`), unless an operator has already decided about the money.
 */
function showsMoney({ capturedMinor, refundedMinor, refunds, disputes }: OrderFacts, kept: Amount): boolean {
  const isListed = disputes.length > 0 || refunds.some((refund) => refund.status === 'failed' && !refund.settledBy);
  return isListed && keptMinor({ capturedMinor, refundedMinor, disputes }) === kept.amountMinor;
}

function refundOf({ orderId, status }: OrderFacts, { amountMinor: capturedMinor }: Amount): Repair {
  const refundId = ownRefundId(orderId);
  return {
    action: 'refund',
    orderId,
    orderStatus: status,
    refundId,
    latePayment: { capturedMinor, eventId: askedEventId },
  };
}

function text({ amountMinor: minor, currency }: Amount): string {
  return `${decimalAmount({ minor, currency })} ${currency}`;
}

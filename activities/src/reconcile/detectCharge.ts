import type { OrderFacts } from '@widget-store/db';
import { type Anomaly, decimalAmount } from '@widget-store/contract';
import type { LedgerPayment } from '../gateway';

/** A payment of the gateway and its order. At least one of them exists. */
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

/** @returns undefined if the charge has no anomaly, or has changed within the grace period */
export function detectChargeAnomaly(charge: Charge, { graceMs, nowMs }: DetectOptions): Anomaly | undefined {
  const { paymentId, payment, order } = charge;
  if (unchangedMs(charge, nowMs) < graceMs) return undefined;
  const keptMinor = payment === null ? 0 : payment.capturedMinor - payment.refundedMinor;
  const kept = { minor: keptMinor, currency: payment?.currency ?? order?.currency ?? '' };
  if (order !== null) return detectWithOrder(charge, order, kept);
  if (keptMinor === 0) return undefined;
  const detail = `The gateway keeps ${text(kept)} of a payment that no order has.`;
  return { kind: 'capture_without_order', detail, paymentId, repair: null };
}

function unchangedMs({ payment, order }: Charge, nowMs: number): number {
  const ofPayment = payment === null ? Infinity : nowMs - Date.parse(payment.updatedAt);
  // The payment has a negative age if the gateway's clock is fast. The order's age is then used instead.
  const isUseless = ofPayment < 0 && order !== null;
  return Math.min(isUseless ? Infinity : ofPayment, order?.unchangedMs ?? Infinity);
}

interface Amount {
  minor: number;
  currency: string;
}

function detectWithOrder({ paymentId, payment }: Charge, order: OrderFacts, kept: Amount): Anomaly | undefined {
  const { orderId, idempotencyKey, status } = order;
  const ids = { orderId, paymentId };
  const isPaidInFull = kept.minor === order.totalMinor && kept.currency === order.currency;
  const total = text({ minor: order.totalMinor, currency: order.currency });
  switch (status) {
    case 'PENDING': {
      if (kept.minor === 0) return undefined;
      if (isPaidInFull) {
        const detail = `The gateway has captured ${text(kept)}, and the order is still waiting for it.`;
        const repair = { action: 'signal_paid', idempotencyKey, orderId } as const;
        return { kind: 'payment_not_noticed', detail, ...ids, repair };
      }
      const detail = `The gateway keeps ${text(kept)} for a pending order of ${total}.`;
      return { kind: 'wrong_amount_captured', detail, ...ids, repair: null };
    }
    case 'PAID':
    case 'DISPATCHED': {
      // An order without a payment event was paid by an unsigned webhook of demo mode. The gateway does not know its payment.
      if (isPaidInFull || order.paymentEventId === null) return undefined;
      const detail = `The order is ${status} for ${total}, and the gateway keeps ${text(kept)} of its payment.`;
      return { kind: 'paid_without_capture', detail, ...ids, repair: null };
    }
    case 'CANCELLED': {
      // The comparison of orders with runs covers refunds that are due.
      if (order.paymentStatus === 'refunding') return undefined;
      if (kept.minor === 0) return detectRefundAnomaly(payment, order);
      const detail = `The gateway keeps ${text(kept)} for an order that is cancelled.`;
      return { kind: 'captured_for_cancelled_order', detail, ...ids, repair: { action: 'refund', ...ids } };
    }
    default:
      return status satisfies never;
  }
}

/** Finds a refund that the order does not show: Postgres was restored, or somebody refunded the payment at the gateway. */
function detectRefundAnomaly(
  payment: LedgerPayment | null,
  { orderId, refundedMinor }: OrderFacts,
): Anomaly | undefined {
  if (payment === null || payment.refundedMinor <= refundedMinor) return undefined;
  const { paymentId, currency } = payment;
  const refunded = text({ minor: payment.refundedMinor, currency });
  const shown = text({ minor: refundedMinor, currency });
  const detail = `The gateway has refunded ${refunded}, and the cancelled order shows ${shown}.`;
  const ids = { orderId, paymentId };
  return { kind: 'refund_not_shown', detail, ...ids, repair: { action: 'refund', ...ids } };
}

function text(amount: Amount): string {
  return `${decimalAmount(amount)} ${amount.currency}`;
}

import type { OrderFacts } from '@widget-store/db';
import { type Anomaly, decimalAmount } from '@widget-store/contract';
import type { LedgerPayment } from '../gateway';

/** A payment of the gateway and the order it is for; at least one of them is there. */
export interface Charge {
  paymentId: string;
  payment: LedgerPayment | null;
  order: OrderFacts | null;
}

export interface JudgeOptions {
  graceMs: number;
  /** Milliseconds since the epoch, by the database's clock. */
  nowMs: number;
}

/** What is wrong with a charge, if it has been so for the grace period. */
export function judgeCharge(charge: Charge, { graceMs, nowMs }: JudgeOptions): Anomaly | undefined {
  const { payment, order } = charge;
  const paymentAgeMs = payment === null ? Infinity : nowMs - Date.parse(payment.updatedAt);
  // A gateway whose clock is ahead does not say how long ago it was; the order does.
  const saysNothing = paymentAgeMs < 0 && order !== null;
  const unchangedMs = Math.min(saysNothing ? Infinity : paymentAgeMs, order?.unchangedMs ?? Infinity);
  if (unchangedMs < graceMs) return undefined;
  const keptMinor = payment === null ? 0 : payment.capturedMinor - payment.refundedMinor;
  const kept = { keptMinor, currency: payment?.currency ?? order?.currency ?? '' };
  if (order !== null) return judgeWithOrder(charge, order, kept);
  if (keptMinor === 0) return undefined;
  const { paymentId } = charge;
  const detail = `The gateway keeps ${amount(kept)} of a payment that no order has.`;
  return { kind: 'capture_without_order', detail, paymentId, repair: null };
}

interface Kept {
  keptMinor: number;
  currency: string;
}

function judgeWithOrder({ paymentId, payment }: Charge, order: OrderFacts, kept: Kept): Anomaly | undefined {
  const { orderId, idempotencyKey, status } = order;
  const ids = { orderId, paymentId };
  const pays = kept.keptMinor === order.totalMinor && kept.currency === order.currency;
  const total = amount({ keptMinor: order.totalMinor, currency: order.currency });
  switch (status) {
    case 'PENDING': {
      if (kept.keptMinor === 0) return undefined;
      if (pays) {
        const detail = `The gateway has captured ${amount(kept)}, and the order is still waiting for it.`;
        return {
          kind: 'payment_not_noticed',
          detail,
          ...ids,
          repair: { action: 'tell_paid', idempotencyKey, orderId },
        };
      }
      const detail = `The gateway keeps ${amount(kept)} for a pending order of ${total}.`;
      return { kind: 'wrong_amount_captured', detail, ...ids, repair: null };
    }
    case 'PAID':
    case 'DISPATCHED': {
      // Without an event it was paid by the unsigned form of demo mode, of which no gateway knows.
      if (pays || order.paymentEventId === null) return undefined;
      const detail = `The order is ${status} for ${total}, and the gateway keeps ${amount(kept)} of its payment.`;
      return { kind: 'paid_without_capture', detail, ...ids, repair: null };
    }
    case 'CANCELLED': {
      // A refund that is on its way is the business of the comparison with the runs.
      if (order.paymentStatus === 'refunding') return undefined;
      if (kept.keptMinor === 0) return judgeRefund(payment, order);
      const detail = `The gateway keeps ${amount(kept)} for an order that is cancelled.`;
      return { kind: 'captured_for_cancelled_order', detail, ...ids, repair: { action: 'refund', ...ids } };
    }
    default:
      return status satisfies never;
  }
}

/** What went back is shown, unless Postgres was restored, or somebody gave it back past the store. */
function judgeRefund(payment: LedgerPayment | null, { orderId, refundedMinor }: OrderFacts): Anomaly | undefined {
  if (payment === null || payment.refundedMinor <= refundedMinor) return undefined;
  const { paymentId, currency } = payment;
  const [given, shown] = [payment.refundedMinor, refundedMinor].map((keptMinor) => amount({ keptMinor, currency }));
  const detail = `The gateway has given back ${given}, and the cancelled order shows ${shown}.`;
  const ids = { orderId, paymentId };
  return { kind: 'refund_not_shown', detail, ...ids, repair: { action: 'refund', ...ids } };
}

function amount({ keptMinor, currency }: Kept): string {
  return `${decimalAmount({ minor: keptMinor, currency })} ${currency}`;
}

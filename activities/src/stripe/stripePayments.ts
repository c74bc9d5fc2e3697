import type Stripe from 'stripe';
import { type GatewayRefund, isRefundId, type RefundStatus } from '@widget-store/contract';
import type { LedgerPayment } from '../gateway';
import { fromStripeAmount } from './stripeUnits';

/** The functions below need sessions and PaymentIntents from calls that expand these fields. */
export const expandedSession = ['payment_intent.latest_charge.refunds'];
export const expandedIntent = ['latest_charge.refunds'];

/** Reads a payment from its Checkout Session. */
export function paymentOfSession(paymentId: string, session: Stripe.Checkout.Session): LedgerPayment {
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null;
  const charge = intent === null ? undefined : succeededCharge(intent);
  if (charge !== undefined) return paymentOfCharge(paymentId, charge);
  return {
    ...unpaid(paymentId, session.amount_total ?? 0, session.currency ?? ''),
    status: statusOf(session, intent),
    updatedAt: isoTime(session.created),
  };
}

/** Reads a payment from its PaymentIntent, for a payment whose Checkout Session is unknown. */
export function paymentOfIntent(paymentId: string, intent: Stripe.PaymentIntent): LedgerPayment {
  const charge = succeededCharge(intent);
  if (charge !== undefined) return paymentOfCharge(paymentId, charge);
  const status = intent.status === 'canceled' ? 'failed' : 'open';
  const { amount, currency, created } = intent;
  return { ...unpaid(paymentId, amount, currency), status, updatedAt: isoTime(created) };
}

/** Reads a completed payment from its charge. */
export function paymentOfCharge(paymentId: string, charge: Stripe.Charge): LedgerPayment {
  const { currency } = charge;
  const minor = (amount: number): number => fromStripeAmount({ amount, currency }).amountMinor;
  // Stripe lists the newest refund first.
  const refunds = charge.refunds?.data ?? [];
  return {
    paymentId,
    status: 'paid',
    ...fromStripeAmount({ amount: charge.amount, currency }),
    capturedMinor: minor(charge.amount_captured),
    refundedMinor: minor(charge.amount_refunded),
    refunds: refunds.map(gatewayRefund).toReversed(),
    disputes: [],
    updatedAt: isoTime(Math.max(charge.created, ...refunds.map(({ created }) => created))),
  };
}

/** Converts a refund of Stripe. */
export function gatewayRefund({ id, amount, currency, status, created, metadata }: Stripe.Refund): GatewayRefund {
  const refundId = metadata?.['refund_id'] ?? '';
  return {
    gatewayRefundId: id,
    refundId: isRefundId(refundId) ? refundId : null,
    amountMinor: fromStripeAmount({ amount, currency }).amountMinor,
    status: refundStatusOf(status),
    createdAt: isoTime(created),
  };
}

/** @param status also `pending`, `requires_action`, or null in old versions of the API */
function refundStatusOf(status: string | null): RefundStatus {
  if (status === 'failed' || status === 'canceled') return 'failed';
  return status === 'succeeded' ? 'succeeded' : 'pending';
}

function succeededCharge({ latest_charge: charge }: Stripe.PaymentIntent): Stripe.Charge | undefined {
  return typeof charge === 'object' && charge?.status === 'succeeded' ? charge : undefined;
}

function statusOf(session: Stripe.Checkout.Session, intent: Stripe.PaymentIntent | null): LedgerPayment['status'] {
  if (session.status === 'expired') return 'failed';
  // If the session is complete but unpaid, the payment with a slow payment method is still processing or has failed.
  const isProcessing = session.status === 'open' || intent?.status === 'processing';
  return isProcessing ? 'open' : 'failed';
}

function unpaid(paymentId: string, amount: number, currency: string) {
  const nothing = { capturedMinor: 0, refundedMinor: 0, refunds: [], disputes: [] };
  return { paymentId, ...fromStripeAmount({ amount, currency }), ...nothing };
}

/** @param seconds Unix time, as in all times of Stripe */
function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

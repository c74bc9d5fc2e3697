import type Stripe from 'stripe';
import type { LedgerPayment } from '../gateway';
import { fromStripeAmount } from './stripeUnits';

/** What has to be expanded of a session and of a PaymentIntent for the functions below. */
export const expandedSession = ['payment_intent.latest_charge.refunds'];
export const expandedIntent = ['latest_charge.refunds'];

/** A payment as its Checkout Session tells of it. */
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

/** The same of one that is known by its PaymentIntent only. */
export function paymentOfIntent(paymentId: string, intent: Stripe.PaymentIntent): LedgerPayment {
  const charge = succeededCharge(intent);
  if (charge !== undefined) return paymentOfCharge(paymentId, charge);
  const status = intent.status === 'canceled' ? 'failed' : 'open';
  const { amount, currency, created } = intent;
  return { ...unpaid(paymentId, amount, currency), status, updatedAt: isoTime(created) };
}

/** A payment that was made. */
export function paymentOfCharge(paymentId: string, charge: Stripe.Charge): LedgerPayment {
  const { currency } = charge;
  const minor = (amount: number): number => fromStripeAmount({ amount, currency }).amountMinor;
  // Stripe lists the newest first.
  const refunds = charge.refunds?.data ?? [];
  return {
    paymentId,
    status: 'paid',
    ...fromStripeAmount({ amount: charge.amount, currency }),
    capturedMinor: minor(charge.amount_captured),
    refundedMinor: minor(charge.amount_refunded),
    lastRefundId: refunds[0]?.id ?? null,
    updatedAt: isoTime(Math.max(charge.created, ...refunds.map(({ created }) => created))),
  };
}

function succeededCharge({ latest_charge: charge }: Stripe.PaymentIntent): Stripe.Charge | undefined {
  return typeof charge === 'object' && charge?.status === 'succeeded' ? charge : undefined;
}

function statusOf(session: Stripe.Checkout.Session, intent: Stripe.PaymentIntent | null): LedgerPayment['status'] {
  if (session.status === 'expired') return 'failed';
  // Complete and unpaid: a method that takes days has begun, or has failed.
  const isUnderWay = session.status === 'open' || intent?.status === 'processing';
  return isUnderWay ? 'open' : 'failed';
}

function unpaid(paymentId: string, amount: number, currency: string) {
  const nothing = { capturedMinor: 0, refundedMinor: 0, lastRefundId: null };
  return { paymentId, ...fromStripeAmount({ amount, currency }), ...nothing };
}

/** @param seconds since the epoch, as all of Stripe's times */
function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

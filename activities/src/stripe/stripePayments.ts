import type Stripe from 'stripe';
import {
  type DisputeStatus,
  type GatewayDispute,
  type GatewayRefund,
  isRefundId,
  type RefundStatus,
  reservedMinor,
} from '@widget-store/contract';
import type { LedgerPayment } from '../gateway';
import { askStripe } from './stripeErrors';
import { fromStripeAmount } from './stripeUnits';

/** A call that reads a session or a PaymentIntent for the functions below must expand these fields. */
export const expandedSession = ['payment_intent.latest_charge.refunds'];
export const expandedIntent = ['latest_charge.refunds'];

/** Reads a payment from its Checkout Session. */
export async function paymentOfSession(
  stripe: Stripe,
  paymentId: string,
  session: Stripe.Checkout.Session,
): Promise<LedgerPayment> {
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null;
  const charge = intent === null ? undefined : succeededCharge(intent);
  if (charge !== undefined) return paymentOfCharge(stripe, paymentId, charge);
  return {
    ...unpaid(paymentId, session.amount_total ?? 0, session.currency ?? ''),
    status: statusOf(session, intent),
    updatedAt: isoTime(session.created),
  };
}

/** Reads a payment from its PaymentIntent. Used for a payment whose Checkout Session the store does not know. */
export async function paymentOfIntent(
  stripe: Stripe,
  paymentId: string,
  intent: Stripe.PaymentIntent,
): Promise<LedgerPayment> {
  const charge = succeededCharge(intent);
  if (charge !== undefined) return paymentOfCharge(stripe, paymentId, charge);
  const status = intent.status === 'canceled' ? 'failed' : 'open';
  const { amount, currency, created } = intent;
  return { ...unpaid(paymentId, amount, currency), status, updatedAt: isoTime(created) };
}

/** The maximum number of refunds and the maximum number of disputes that are read. A charge usually has far fewer. */
const maxListed = 1000;

/**
 * Reads a completed payment from its charge. A charge contains only its ten newest refunds, and no disputes. Further
 * calls read the rest.
 */
export async function paymentOfCharge(
  stripe: Stripe,
  paymentId: string,
  charge: Stripe.Charge,
): Promise<LedgerPayment> {
  const ofCharge = { charge: charge.id, limit: 100 };
  const embedded = charge.refunds;
  // Stripe lists the newest first.
  const refunds = embedded?.has_more
    ? await askStripe(() => stripe.refunds.list(ofCharge).autoPagingToArray({ limit: maxListed }))
    : (embedded?.data ?? []);
  const disputes = charge.disputed
    ? await askStripe(() => stripe.disputes.list(ofCharge).autoPagingToArray({ limit: maxListed }))
    : [];
  const changes = [...refunds, ...disputes].map(({ created }) => created);
  const made = refunds.map(gatewayRefund).toReversed();
  const { currency } = charge;
  return {
    paymentId,
    status: 'paid',
    ...fromStripeAmount({ amount: charge.amount, currency }),
    capturedMinor: minorOf(charge.amount_captured, currency),
    // Replaces Stripe's own sum by the sum of the refunds below, so that the amount agrees with the refunds that the
    // store records.
    refundedMinor: reservedMinor(made),
    refunds: made,
    disputes: disputes.map((dispute) => gatewayDispute(charge, dispute)).toReversed(),
    updatedAt: isoTime(Math.max(charge.created, ...changes)),
  };
}

/**
 * @param charge the disputed charge. If the dispute has another currency than the charge, the captured amount of the
 * charge is used as the disputed amount
 */
function gatewayDispute(charge: Stripe.Charge, dispute: Stripe.Dispute): GatewayDispute {
  const { id, reason, created, currency } = dispute;
  const status = disputeStatusOf(dispute.status);
  const amount = currency === charge.currency ? dispute.amount : charge.amount_captured;
  // While the charge can still be refunded, the dispute is an inquiry: the bank has not taken any money.
  const isInquiry = status === 'open' && dispute.is_charge_refundable;
  return {
    gatewayDisputeId: id,
    amountMinor: isInquiry ? 0 : minorOf(amount, charge.currency),
    status,
    reason,
    createdAt: isoTime(created),
  };
}

/** If a decided dispute is appealed, the dispute is open again. */
function disputeStatusOf(status: string): DisputeStatus {
  if (status === 'won' || status === 'warning_closed' || status === 'prevented') return 'won';
  return status === 'lost' ? 'lost' : 'open';
}

export function gatewayRefund({ id, amount, currency, status, created, metadata }: Stripe.Refund): GatewayRefund {
  const refundId = metadata?.['refund_id'] ?? '';
  return {
    gatewayRefundId: id,
    refundId: isRefundId(refundId) ? refundId : null,
    amountMinor: minorOf(amount, currency),
    status: refundStatusOf(status),
    createdAt: isoTime(created),
  };
}

/** @param status can also be `pending` or `requires_action`, or null in old versions of the API */
function refundStatusOf(status: string | null): RefundStatus {
  if (status === 'failed' || status === 'canceled') return 'failed';
  return status === 'succeeded' ? 'succeeded' : 'pending';
}

function succeededCharge({ latest_charge: charge }: Stripe.PaymentIntent): Stripe.Charge | undefined {
  return typeof charge === 'object' && charge?.status === 'succeeded' ? charge : undefined;
}

function statusOf(session: Stripe.Checkout.Session, intent: Stripe.PaymentIntent | null): LedgerPayment['status'] {
  if (session.status === 'expired') return 'failed';
  // If a session is complete but unpaid, the shopper chose a slow payment method. The payment is still processing, or
  // has failed.
  const isProcessing = session.status === 'open' || intent?.status === 'processing';
  return isProcessing ? 'open' : 'failed';
}

function unpaid(paymentId: string, amount: number, currency: string) {
  const nothing = { capturedMinor: 0, refundedMinor: 0, refunds: [], disputes: [] };
  return { paymentId, ...fromStripeAmount({ amount, currency }), ...nothing };
}

function minorOf(amount: number, currency: string): number {
  return fromStripeAmount({ amount, currency }).amountMinor;
}

/** @param seconds Unix time, which Stripe uses everywhere */
function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

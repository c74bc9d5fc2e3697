import { expands, type Form } from './form';

/*
 * The objects of a Stripe account, and the bodies that Stripe's API returns for them. A field that the caller expands
 * contains the whole object instead of the object's id.
 */

export interface Refund {
  id: string;
  amount: number;
  status: 'pending' | 'succeeded' | 'failed';
  created: number;
  metadata: Record<string, string>;
  charge: Charge;
}

export interface Charge {
  id: string;
  amount: number;
  currency: string;
  status: 'succeeded' | 'failed' | 'pending';
  created: number;
  metadata: Record<string, string>;
  intent: string;
  /** The newest first. */
  refunds: Refund[];
  disputes: Dispute[];
}

export interface Dispute {
  id: string;
  amount: number;
  currency: string;
  status: 'warning_needs_response' | 'needs_response' | 'appeal_under_review' | 'won' | 'lost';
  reason: string;
  created: number;
  charge: Charge;
}

export interface LineItem {
  name: string;
  quantity: number;
  unitAmount: number;
}

export interface Session {
  id: string;
  paymentId: string;
  amount: number;
  currency: string;
  status: 'open' | 'complete' | 'expired';
  paymentStatus: 'paid' | 'unpaid';
  created: number;
  expiresAt: number;
  returnUrl: string;
  lineItems: LineItem[];
  metadata: Record<string, string>;
  intentMetadata: Record<string, string>;
  /** The countries of `shipping_address_collection`. Empty if the page asks for no address. */
  countries: string[];
  /** The session's charges, oldest first. */
  charges: Charge[];
}

export function sessionBody(session: Session, form: Form): object {
  const intent = session.charges[0]?.intent ?? null;
  return {
    id: session.id,
    object: 'checkout.session',
    mode: 'payment',
    livemode: false,
    client_reference_id: session.paymentId,
    amount_total: session.amount,
    currency: session.currency,
    status: session.status,
    payment_status: session.paymentStatus,
    created: session.created,
    expires_at: session.expiresAt,
    metadata: session.metadata,
    url: session.status === 'open' ? `https://checkout.stripe.com/c/pay/${session.id}` : null,
    ...buyerBody(session),
    payment_intent: intent && expands(form, 'payment_intent') ? intentBody(session, form, 'payment_intent.') : intent,
  };
}

/** The shopper lives in the first of the session's `countries`. */
function buyerBody({ countries: [country], status }: Session): object {
  if (country === undefined || status !== 'complete') {
    return { customer_details: null, collected_information: { shipping_details: null } };
  }
  const address = { line1: '1 Road', line2: null, city: 'York', postal_code: 'YO1', state: null, country };
  return {
    customer_details: { email: 'ada@example.org', name: 'Card Holder', phone: null, address: null },
    collected_information: { shipping_details: { name: 'Ada Lovelace', address } },
  };
}

export function intentBody({ charges, amount, currency, created }: Session, form: Form, path: string): object {
  const latest = charges.at(-1);
  const statuses = { succeeded: 'succeeded', pending: 'processing', failed: 'requires_payment_method' };
  return {
    id: latest?.intent,
    object: 'payment_intent',
    amount,
    currency,
    created,
    status: statuses[latest?.status ?? 'failed'],
    latest_charge:
      latest && (expands(form, `${path}latest_charge`) ? chargeBody(latest, form, `${path}latest_charge.`) : latest.id),
  };
}

/** The largest number of refunds that the body of a charge contains. */
const maxEmbedded = 10;

export function chargeBody(made: Charge, form: Form, path: string): object {
  const { id, amount, currency, status, created, metadata, intent: payment_intent, refunds } = made;
  const captured = status === 'succeeded' ? amount : 0;
  const embedded = refunds.slice(0, maxEmbedded).map((refund) => refundBody(refund, form, ''));
  const list = { object: 'list', has_more: refunds.length > maxEmbedded, data: embedded };
  return {
    id,
    object: 'charge',
    amount,
    amount_captured: captured,
    amount_refunded: refundedOf(made),
    currency,
    status,
    created,
    metadata,
    payment_intent,
    disputed: made.disputes.length > 0,
    ...(expands(form, `${path}refunds`) && { refunds: list }),
  };
}

export function refundBody(
  { id, amount, status, created, metadata, charge: of }: Refund,
  form: Form,
  path: string,
): object {
  const isExpanded = path !== '' && expands(form, `${path}charge`);
  return {
    id,
    object: 'refund',
    status,
    amount,
    currency: of.currency,
    created,
    metadata,
    payment_intent: of.intent,
    charge: isExpanded ? chargeBody(of, form, `${path}charge.`) : of.id,
  };
}

export function disputeBody({ charge: of, ...dispute }: Dispute, form: Form, path: string): object {
  const isExpanded = path !== '' && expands(form, `${path}charge`);
  return {
    ...dispute,
    object: 'dispute',
    payment_intent: of.intent,
    is_charge_refundable: dispute.status === 'warning_needs_response',
    metadata: {},
    charge: isExpanded ? chargeBody(of, form, `${path}charge.`) : of.id,
  };
}

export function refundedOf({ refunds }: Charge): number {
  return madeRefunds(refunds).reduce((sum, { amount }) => sum + amount, 0);
}

export function madeRefunds(refunds: Refund[]): Refund[] {
  return refunds.filter(({ status }) => status !== 'failed');
}

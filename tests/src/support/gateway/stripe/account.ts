import { randomBytes } from 'node:crypto';
import { fieldsOf, type Form, required, StripeError } from './form';
import {
  type Charge,
  chargeBody,
  type Dispute,
  disputeBody,
  intentBody,
  type LineItem,
  type Refund,
  refundBody,
  refundedOf,
  type Session,
  sessionBody,
} from './objects';

const shortestSeconds = 30 * 60;
const longestSeconds = 24 * 60 * 60;

const newId = (prefix: string): string => `${prefix}_test_${randomBytes(8).toString('hex')}`;
const now = (): number => Math.floor(Date.now() / 1000);

/** Creates a Stripe account in memory, because stripe-mock keeps no state. */
export function createAccount() {
  const sessions = new Map<string, Session>();
  let refundsToFail = 0;
  const found = (id: string): Session => {
    const session = sessions.get(id);
    if (session === undefined) throw new StripeError(404, `No such checkout.session: ${id}`);
    return session;
  };
  const allCharges = (): Charge[] => [...sessions.values()].flatMap((session) => session.charges);
  /** Returns the filter that the parameters of a request describe, for a list of refunds or disputes. */
  const isListed = (form: Form) => (item: { created: number; charge: Charge }) =>
    item.created >= sinceOf(form) && [null, item.charge.id].includes(form.get('charge'));

  return {
    sessions,
    createSession: (form: Form) => {
      const session = openSession(form);
      sessions.set(session.id, session);
      return sessionBody(session, form);
    },
    readSession: (id: string, form: Form) => sessionBody(found(id), form),
    /** Lists the session of a PaymentIntent. */
    listSessions: (form: Form) => {
      const intent = required(form, 'payment_intent');
      const listed = [...sessions.values()].filter(({ charges }) => charges.some((charge) => charge.intent === intent));
      return pageOf(listed, form, '/v1/checkout/sessions', (session) => sessionBody(session, form));
    },
    expireSession: (id: string, form: Form) => {
      const session = found(id);
      if (session.status !== 'open') {
        throw new StripeError(400, 'Only Checkout Sessions with a status in ["open"] can be expired.');
      }
      session.status = 'expired';
      return sessionBody(session, form);
    },
    /** Creates a paid PaymentIntent without a Checkout Session. */
    payDirectly: (form: Form) => {
      const metadata = fieldsOf(form, 'metadata');
      const paidDirectly: Session = {
        id: newId('direct'),
        paymentId: metadata['payment_id'] ?? '',
        amount: Number(required(form, 'amount')),
        currency: required(form, 'currency'),
        status: 'complete',
        paymentStatus: 'paid',
        created: now(),
        expiresAt: now(),
        returnUrl: '',
        lineItems: [],
        metadata,
        intentMetadata: metadata,
        countries: [],
        charges: [],
      };
      const charge = recordCharge(paidDirectly, 'succeeded');
      if (form.get('payment_method') === 'pm_card_createDispute') recordDispute(charge);
      sessions.set(paidDirectly.id, paidDirectly);
      return intentBody(paidDirectly, form, '');
    },
    readIntent: (id: string, form: Form) => {
      const session = [...sessions.values()].find(({ charges }) => charges.some(({ intent }) => intent === id));
      if (session === undefined) throw new StripeError(404, `No such payment_intent: ${id}`);
      return intentBody(session, form, '');
    },
    refund: (form: Form) => {
      const intent = required(form, 'payment_intent');
      const charge = allCharges().find((candidate) => candidate.intent === intent && candidate.status === 'succeeded');
      if (charge === undefined) throw new StripeError(400, 'This PaymentIntent does not have a successful charge.');
      const amount = Number(required(form, 'amount'));
      if (amount > charge.amount - refundedOf(charge)) {
        throw new StripeError(400, `Refund amount (${amount}) is greater than unrefunded amount on charge.`);
      }
      const status: Refund['status'] = refundsToFail > 0 ? 'failed' : 'succeeded';
      if (status === 'failed') refundsToFail -= 1;
      const refund = { id: newId('re'), amount, status, created: now(), metadata: fieldsOf(form, 'metadata'), charge };
      charge.refunds.unshift(refund);
      return refundBody(refund, form, '');
    },
    /** The next refund is accepted, but has the status `failed`. */
    failRefund: () => {
      refundsToFail += 1;
    },
    listCharges: (form: Form) =>
      pageOf(
        allCharges().filter(({ created }) => created >= sinceOf(form)),
        form,
        '/v1/charges',
        (charge) => chargeBody(charge, form, 'data.'),
      ),
    listRefunds: (form: Form) => {
      const listed = allCharges().flatMap(({ refunds }) => refunds.toReversed());
      return pageOf(listed.filter(isListed(form)), form, '/v1/refunds', (refund) => refundBody(refund, form, 'data.'));
    },
    listDisputes: (form: Form) => {
      const listed = allCharges().flatMap(({ disputes }) => disputes);
      return pageOf(listed.filter(isListed(form)), form, '/v1/disputes', (dispute) =>
        disputeBody(dispute, form, 'data.'),
      );
    },
  };
}

export type StripeAccount = ReturnType<typeof createAccount>;

export function recordCharge(session: Session, status: Charge['status'], amount = session.amount): Charge {
  const charge: Charge = {
    id: newId('ch'),
    amount,
    currency: session.currency,
    status,
    created: now(),
    metadata: session.intentMetadata,
    intent: session.charges[0]?.intent ?? newId('pi'),
    refunds: [],
    disputes: [],
  };
  session.charges.push(charge);
  return charge;
}

/** Makes a refund as somebody in Stripe's Dashboard does. */
export function recordRefund(charge: Charge, amount: number, status: Refund['status'] = 'succeeded'): Refund {
  const refund = { id: newId('re'), amount, status, created: now(), metadata: {}, charge };
  charge.refunds.unshift(refund);
  return refund;
}

/** Opens a dispute as the shopper's bank does. */
export function recordDispute(charge: Charge, more: Partial<Dispute> = {}): Dispute {
  const { amount, currency } = charge;
  const opened = { id: newId('du'), amount, currency, reason: 'fraudulent', created: now(), charge };
  const dispute: Dispute = { ...opened, status: 'needs_response', ...more };
  charge.disputes.push(dispute);
  return dispute;
}

function openSession(form: Form): Session {
  const expiresAt = Number(form.get('expires_at') ?? now() + longestSeconds);
  if (expiresAt < now() + shortestSeconds || expiresAt > now() + longestSeconds) {
    throw new StripeError(400, 'expires_at must be between 30 minutes and 24 hours from now.');
  }
  const lineItems = lineItemsOf(form);
  return {
    id: newId('cs'),
    paymentId: required(form, 'client_reference_id'),
    amount: lineItems.reduce((sum, { quantity, unitAmount }) => sum + quantity * unitAmount, 0),
    currency: required(form, 'line_items[0][price_data][currency]'),
    lineItems,
    status: 'open',
    paymentStatus: 'unpaid',
    created: now(),
    expiresAt,
    returnUrl: required(form, 'success_url'),
    metadata: fieldsOf(form, 'metadata'),
    intentMetadata: fieldsOf(form, 'payment_intent_data[metadata]'),
    countries: Object.values(fieldsOf(form, 'shipping_address_collection[allowed_countries]')),
    charges: [],
  };
}

function lineItemsOf(form: Form): LineItem[] {
  const lines = [...form.keys()].filter((name) => /^line_items\[\d+]\[quantity]$/.test(name));
  return lines.map((_name, index) => ({
    name: required(form, `line_items[${index}][price_data][product_data][name]`),
    quantity: Number(required(form, `line_items[${index}][quantity]`)),
    unitAmount: Number(required(form, `line_items[${index}][price_data][unit_amount]`)),
  }));
}

function sinceOf(form: Form): number {
  return Number(form.get('created[gte]') ?? 0);
}

/** Returns one page of items, newest first, as in all of Stripe's lists. */
function pageOf<Item extends { id: string; created: number }>(
  items: Item[],
  form: Form,
  url: string,
  body: (item: Item) => object,
): object {
  const sorted = items.toReversed().toSorted((one, other) => other.created - one.created);
  const start = sorted.findIndex(({ id }) => id === form.get('starting_after')) + 1;
  const end = start + Number(form.get('limit') ?? 10);
  return { object: 'list', url, has_more: end < sorted.length, data: sorted.slice(start, end).map(body) };
}

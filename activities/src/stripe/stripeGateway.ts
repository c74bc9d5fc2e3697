import Stripe from 'stripe';
import { GatewayError, type NewPayment, type PaymentGateway } from '../gateway';
import { askStripe, askStripeOrNull, underKey } from './stripeErrors';
import { type LedgerOptions, listStripePayments } from './stripeLedger';
import { expandedIntent, expandedSession, paymentOfIntent, paymentOfSession } from './stripePayments';
import { stripeSessionAfterWindowMs, toStripeAmount } from './stripeUnits';

/**
 * The version of Stripe's API that this code is written for. The library's types allow only its own, so that an update which
 * brings another does not compile before somebody has read what has changed.
 */
const apiVersion = '2026-10-28.endive';

export interface StripeGatewayOptions extends LedgerOptions {
  /** `sk_…` or, better, a restricted one, `rk_…`. */
  secretKey: string;
  /** Another base address than Stripe's own. */
  url?: string | undefined;
  /** Milliseconds until a call gives up. One step of a workflow makes up to four calls, one after the other. */
  deadlineMs: number;
}

/** The client of Stripe: hosted payment pages (Checkout Sessions), one a payment. */
export function createStripeGateway(options: StripeGatewayOptions): PaymentGateway {
  const { references } = options;
  const stripe = openStripe(options);
  const retrieveSession = (id: string): Promise<Stripe.Checkout.Session | null> =>
    askStripeOrNull(404, () => stripe.checkout.sessions.retrieve(id, { expand: expandedSession }));
  const retrieveIntent = (id: string): Promise<Stripe.PaymentIntent | null> =>
    askStripeOrNull(404, () => stripe.paymentIntents.retrieve(id, { expand: expandedIntent }));

  const getPayment: PaymentGateway['getPayment'] = async (paymentId) => {
    const reference = await references.readPaymentReference(paymentId);
    if (reference === null) return null;
    if (isIntent(reference)) {
      const intent = await retrieveIntent(reference);
      return intent && paymentOfIntent(paymentId, intent);
    }
    const session = await retrieveSession(reference);
    return session && paymentOfSession(paymentId, session);
  };

  /** What a refund is made of. */
  async function findPaid(paymentId: string): Promise<{ intentId: string; currency: string }> {
    const reference = (await references.readPaymentReference(paymentId)) ?? '';
    const found = isIntent(reference) ? await retrieveIntent(reference) : await retrieveSession(reference);
    const intent = found?.object === 'checkout.session' ? found.payment_intent : found;
    if (found?.currency && intent) {
      return { intentId: typeof intent === 'string' ? intent : intent.id, currency: found.currency.toUpperCase() };
    }
    throw new GatewayError('GatewayRefused', 'Stripe has no payment that could be given back.');
  }

  return {
    getPayment,
    createPayment: async (payment) => {
      const { paymentId } = payment;
      const asked = newSession(payment);
      const session = await askStripe(() =>
        underKey({
          key: `checkout-session/${paymentId}`,
          nextKey: `checkout-session/${paymentId}/2`,
          call: (idempotencyKey) => stripe.checkout.sessions.create(asked, { idempotencyKey }),
        }),
      );
      if (session.url === null) throw new GatewayError('GatewayRefused', 'Stripe gave a session without a page.');
      // Before anybody is told where to pay: a session that is not noted is one that nobody can have paid.
      await references.recordPaymentReferences([{ paymentId, reference: session.id }]);
      return { paymentUrl: session.url };
    },
    closePayment: async (paymentId) => {
      const reference = await references.readPaymentReference(paymentId);
      if (reference === null || isIntent(reference)) return getPayment(paymentId);
      const session = await retrieveSession(reference);
      if (session?.status !== 'open') return session && paymentOfSession(paymentId, session);
      const ended = await askStripeOrNull(400, () => stripe.checkout.sessions.expire(reference));
      if (ended !== null) return paymentOfSession(paymentId, ended);
      const paidMeanwhile = await retrieveSession(reference);
      if (paidMeanwhile?.status !== 'open') return paidMeanwhile && paymentOfSession(paymentId, paidMeanwhile);
      throw new GatewayError(
        'GatewayUnavailable',
        'Somebody is paying at this moment, so the session cannot be ended.',
      );
    },
    refund: async ({ paymentId, amountMinor, idempotencyKey: key }) => {
      const { intentId, currency } = await findPaid(paymentId);
      const { amount } = exactly({ amountMinor, currency });
      const asked = { payment_intent: intentId, amount, metadata: { payment_id: paymentId } };
      return giveBack(stripe, asked, key);
    },
    listPayments: (page) => listStripePayments(stripe, options, page),
  };
}

function openStripe({ secretKey, url, deadlineMs }: StripeGatewayOptions): Stripe {
  return new Stripe(secretKey, {
    apiVersion,
    // Workflows retry, and say so in their histories.
    maxNetworkRetries: 0,
    timeout: deadlineMs,
    telemetry: false,
    // Its timeout is for the whole call; that of the other client begins anew with each byte.
    httpClient: Stripe.createFetchHttpClient(),
    ...(url === undefined ? {} : addressOf(url)),
  });
}

/** Who pays with one of these has paid days later: too late for an order that is held for minutes. */
const methodsOfDays: Stripe.Checkout.SessionCreateParams.ExcludedPaymentMethodType[] = [
  'acss_debit',
  'au_becs_debit',
  'bacs_debit',
  'boleto',
  'customer_balance',
  'konbini',
  'multibanco',
  'nz_bank_account',
  'oxxo',
  'payto',
  'sepa_debit',
  'us_bank_account',
];

/** The same for every repetition: an idempotency key is refused with other parameters. */
function newSession(payment: NewPayment): Stripe.Checkout.SessionCreateParams {
  const { paymentId, amountMinor, currency: code, returnUrl, expiresAt } = payment;
  const { amount, currency } = exactly({ amountMinor, currency: code });
  const metadata = { payment_id: paymentId };
  const product = { name: 'Your order', metadata };
  return {
    mode: 'payment',
    client_reference_id: paymentId,
    metadata,
    // Goes on to the charge, where the reconciler reads it.
    payment_intent_data: { metadata },
    line_items: [{ quantity: 1, price_data: { currency, unit_amount: amount, product_data: product } }],
    excluded_payment_method_types: methodsOfDays,
    // The shopper's own currency would be another amount than the order's.
    adaptive_pricing: { enabled: false },
    success_url: returnUrl,
    cancel_url: withoutQuery(returnUrl),
    expires_at: sessionEnd(expiresAt),
  };
}

/** What was refused may be tried for days, by its run, the reconciler and a person: with Stripe once a minute, for all of them. */
async function giveBack(stripe: Stripe, asked: Stripe.RefundCreateParams, key: string): Promise<{ refundId: string }> {
  const refund = await askStripe(() =>
    underKey({
      key,
      nextKey: `${key}/${Math.floor(Date.now() / 60_000)}`,
      call: (idempotencyKey) => stripe.refunds.create(asked, { idempotencyKey }),
      isFailure: hasFailed,
    }),
  );
  if (!hasFailed(refund)) return { refundId: refund.id };
  throw new GatewayError('GatewayRefused', `Stripe could not give the money back (refund ${refund.id}).`);
}

function hasFailed({ status }: Stripe.Refund): boolean {
  return status === 'failed' || status === 'canceled';
}

/** Seconds since the epoch. @param expiresAt the end of the payment window, ISO 8601 */
function sessionEnd(expiresAt: string): number {
  return Math.ceil((Date.parse(expiresAt) + stripeSessionAfterWindowMs) / 1000);
}

function exactly(amount: { amountMinor: number; currency: string }) {
  try {
    return toStripeAmount(amount);
  } catch (error) {
    throw new GatewayError('GatewayRefused', 'Stripe cannot take exactly this amount.', { cause: error });
  }
}

/** The query of the return address says that somebody has paid. */
function withoutQuery(url: string): string {
  return url.split('?', 1).join('');
}

function isIntent(reference: string): boolean {
  return reference.startsWith('pi_');
}

function addressOf(url: string) {
  const { hostname: host, port, protocol } = new URL(url);
  return { host, port, protocol: protocol === 'http:' ? ('http' as const) : ('https' as const) };
}

import Stripe from 'stripe';
import type { GatewayRefund } from '@widget-store/contract';
import { GatewayError, type ListingGateway, type NewPayment, type PaymentGateway } from '../gateway';
import { isStripeIntent, readStripeBuyer } from './stripeBuyer';
import { askStripe, askStripeOrNull, withIdempotencyKey } from './stripeErrors';
import { type LedgerOptions, listStripePayments } from './stripeLedger';
import { expandedIntent, expandedSession, gatewayRefund, paymentOfIntent, paymentOfSession } from './stripePayments';
import { lineItems } from './stripeLineItems';
import { stripeSessionAfterWindowMs, toStripeAmount } from './stripeUnits';

/**
 * The version of Stripe's API that this code is written for. The library's types allow only their own version. If this
 * line does not compile after an update of the library, read the changes of the API before you change the version.
 */
const apiVersion = '2026-10-28.endive';

export interface StripeGatewayOptions extends LedgerOptions {
  /** A secret key (`sk_…`) or, better, a restricted key (`rk_…`). */
  secretKey: string;
  /** The address of another server, for tests. Undefined for Stripe's own servers. */
  url?: string | undefined;
  /** The deadline of a call, in milliseconds. An activity usually makes at most four calls in sequence. */
  deadlineMs: number;
}

/** Creates the client of Stripe. Each payment has one hosted payment page (a Checkout Session). */
export function createStripeGateway(options: StripeGatewayOptions): ListingGateway {
  const { references } = options;
  const stripe = openStripe(options);
  const retrieveSession = (id: string): Promise<Stripe.Checkout.Session | null> =>
    askStripeOrNull(404, () => stripe.checkout.sessions.retrieve(id, { expand: expandedSession }));
  const retrieveIntent = (id: string): Promise<Stripe.PaymentIntent | null> =>
    askStripeOrNull(404, () => stripe.paymentIntents.retrieve(id, { expand: expandedIntent }));

  const getPayment: PaymentGateway['getPayment'] = async (paymentId) => {
    const reference = await references.readPaymentReference(paymentId);
    if (reference === null) return null;
    if (isStripeIntent(reference)) {
      const intent = await retrieveIntent(reference);
      return intent && paymentOfIntent(stripe, paymentId, intent);
    }
    const session = await retrieveSession(reference);
    return session && paymentOfSession(stripe, paymentId, session);
  };

  /** Finds the PaymentIntent to refund, and its currency. */
  async function findCapture(paymentId: string): Promise<{ intentId: string; currency: string }> {
    const reference = (await references.readPaymentReference(paymentId)) ?? '';
    const found = isStripeIntent(reference) ? await retrieveIntent(reference) : await retrieveSession(reference);
    const intent = found?.object === 'checkout.session' ? found.payment_intent : found;
    if (found?.currency && intent) {
      return { intentId: typeof intent === 'string' ? intent : intent.id, currency: found.currency.toUpperCase() };
    }
    throw new GatewayError('GatewayRefused', 'Stripe has no payment that could be refunded.');
  }

  return {
    getPayment,
    getBuyer: (paymentId) => readStripeBuyer(stripe, paymentId, references),
    createPayment: async (payment) => {
      const { paymentId } = payment;
      const params = newSession(payment);
      const session = await askStripe(() =>
        withIdempotencyKey({
          key: `checkout-session/${paymentId}`,
          nextKey: `checkout-session/${paymentId}/2`,
          call: (idempotencyKey) => stripe.checkout.sessions.create(params, { idempotencyKey }),
        }),
      );
      if (session.url === null) throw new GatewayError('GatewayRefused', 'Stripe returned a session without a page.');
      // The session is recorded before anybody gets its page, so that nobody can pay an unrecorded session.
      await references.recordPaymentReferences([{ paymentId, reference: session.id }]);
      return { paymentUrl: session.url };
    },
    closePayment: async (paymentId) => {
      const reference = await references.readPaymentReference(paymentId);
      if (reference === null || isStripeIntent(reference)) return getPayment(paymentId);
      const session = await retrieveSession(reference);
      if (session?.status !== 'open') return session && paymentOfSession(stripe, paymentId, session);
      const expired = await askStripeOrNull(400, () => stripe.checkout.sessions.expire(reference));
      if (expired !== null) return paymentOfSession(stripe, paymentId, expired);
      const current = await retrieveSession(reference);
      if (current?.status !== 'open') return current && paymentOfSession(stripe, paymentId, current);
      throw new GatewayError(
        'GatewayUnavailable',
        'The shopper is paying at this moment, so the session cannot be expired.',
      );
    },
    refund: async ({ paymentId, refundId, amountMinor, idempotencyKey: key }) => {
      const { intentId, currency } = await findCapture(paymentId);
      const { amount } = toStripeAmount({ amountMinor, currency });
      const metadata = { payment_id: paymentId, refund_id: refundId };
      const params = { payment_intent: intentId, amount, metadata };
      // The amount of a refund can shrink between two attempts, if somebody refunds a part at Stripe. The key contains
      // the amount, because Stripe refuses a known key with another amount.
      return createRefund(stripe, params, `${key}/${amount}`);
    },
    listPayments: (page) => listStripePayments(stripe, options, page),
  };
}

function openStripe({ secretKey, url, deadlineMs }: StripeGatewayOptions): Stripe {
  return new Stripe(secretKey, {
    apiVersion,
    // The library makes no retries. Temporal retries the activity instead, and shows the number of attempts.
    maxNetworkRetries: 0,
    timeout: deadlineMs,
    telemetry: false,
    // The timeout of this HTTP client covers the whole call. The timeout of the default client restarts with each byte.
    httpClient: Stripe.createFetchHttpClient(),
    ...(url === undefined ? {} : addressOf(url)),
  });
}

/**
 * Payments with these methods take days, but the store holds stock only until the payment window ends. The payment page
 * therefore does not offer these methods.
 */
const slowPaymentMethods: Stripe.Checkout.SessionCreateParams.ExcludedPaymentMethodType[] = [
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

/**
 * The parameters of a payment must never change, because Stripe refuses an idempotency key that was used with other
 * parameters.
 */
function newSession(payment: NewPayment): Stripe.Checkout.SessionCreateParams {
  const { paymentId, returnUrl, expiresAt, shippingCountries } = payment;
  const metadata = { payment_id: paymentId };
  return {
    mode: 'payment',
    client_reference_id: paymentId,
    metadata,
    // Stripe copies the metadata to the charge, where the reconciler reads it.
    payment_intent_data: { metadata },
    line_items: lineItems(payment),
    excluded_payment_method_types: slowPaymentMethods,
    // With adaptive pricing, Stripe could charge the shopper in another currency than the order has.
    adaptive_pricing: { enabled: false },
    ...(shippingCountries && { shipping_address_collection: { allowed_countries: shippingCountries } }),
    success_url: returnUrl,
    cancel_url: withoutQuery(returnUrl),
    expires_at: sessionEnd(expiresAt),
  };
}

/**
 * The refund run can retry a refused refund for days. `nextKey` changes once a minute, so Stripe processes about one
 * attempt a minute. The other attempts in that minute get the same answer again. A refund that Stripe has accepted is
 * not repeated if it fails later. A person then decides what to do, because the shopper may need the money in another
 * way.
 */
async function createRefund(stripe: Stripe, params: Stripe.RefundCreateParams, key: string): Promise<GatewayRefund> {
  const refund = await askStripe(() =>
    withIdempotencyKey({
      key,
      nextKey: `${key}/${Math.floor(Date.now() / 60_000)}`,
      call: (idempotencyKey) => stripe.refunds.create(params, { idempotencyKey }),
    }),
  );
  return gatewayRefund(refund);
}

/** When the session ends, as Unix time in seconds. @param expiresAt the end of the payment window, ISO 8601 */
function sessionEnd(expiresAt: string): number {
  return Math.ceil((Date.parse(expiresAt) + stripeSessionAfterWindowMs) / 1000);
}

/** Removes the query of the return address, because this query makes the order's page wait for a payment. */
function withoutQuery(url: string): string {
  return url.split('?', 1).join('');
}

function addressOf(url: string) {
  const { hostname: host, port, protocol } = new URL(url);
  return { host, port, protocol: protocol === 'http:' ? ('http' as const) : ('https' as const) };
}

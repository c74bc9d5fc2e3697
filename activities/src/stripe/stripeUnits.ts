import { minorUnitDigits } from '@widget-store/contract';

/** What `STRIPE_MODE` may name; no money moves in test mode. */
export const stripeModes = ['test', 'live'] as const;
export type StripeMode = (typeof stripeModes)[number];

/**
 * How long a session outlives the payment window. Stripe accepts no session that is open for less than 30 minutes, and
 * a shopper may open the page in the window's last second; one minute more allows for clock skew. The store expires the
 * session itself when the order is over.
 */
export const stripeSessionAfterWindowMs = 31 * 60_000;

/** The longest payment window: Stripe keeps a session open for at most 24 hours, less one minute for clock skew. */
export const longestStripeWindowMs = 24 * 60 * 60_000 - stripeSessionAfterWindowMs - 60_000;

/** Currencies without decimals in Stripe's API (docs.stripe.com/currencies, zero-decimal). */
const withoutDecimals = new Set([
  'BIF',
  'CLP',
  'DJF',
  'GNF',
  'JPY',
  'KMF',
  'KRW',
  'MGA',
  'PYG',
  'RWF',
  'VND',
  'VUV',
  'XAF',
  'XOF',
  'XPF',
]);
/** Currencies with three decimals; Stripe requires the last one to be 0 (ibid., three-decimal). */
const withThreeDecimals = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);
/** Currencies without decimals that Stripe's API writes with two, which must be 00 (ibid., special cases). */
const withEmptyDecimals = new Set(['ISK', 'UGX']);

/** An amount as Stripe's API writes it. Its minor units differ from those of ISO 4217 for some currencies. */
export interface StripeAmount {
  amount: number;
  /** ISO 4217 code in lower case. */
  currency: string;
}

/**
 * @param amount integer minor units as the store counts them
 * @throws RangeError when Stripe cannot take exactly this amount
 */
export function toStripeAmount({ amountMinor, currency }: { amountMinor: number; currency: string }): StripeAmount {
  const amount = shift(amountMinor, stripeDigits(currency) - minorUnitDigits(currency));
  const step = stepOf(currency);
  if (!Number.isSafeInteger(amount) || amount % step !== 0) {
    throw new RangeError(`Stripe takes ${currency} in steps of ${step} of its smallest units`);
  }
  return { amount, currency: currency.toLowerCase() };
}

/**
 * @returns integer minor units as the store counts them; a fraction of a minor unit is kept, and equals no order's
 * total
 */
export function fromStripeAmount({ amount, currency }: StripeAmount): { amountMinor: number; currency: string } {
  const code = currency.toUpperCase();
  return { amountMinor: shift(amount, minorUnitDigits(code) - stripeDigits(code)), currency: code };
}

function stripeDigits(currency: string): number {
  if (withoutDecimals.has(currency)) return 0;
  return withThreeDecimals.has(currency) ? 3 : 2;
}

function stepOf(currency: string): number {
  if (withThreeDecimals.has(currency)) return 10;
  return withEmptyDecimals.has(currency) ? 100 : 1;
}

/** Multiplies or divides by an integer power of ten, so that whole amounts stay exact. */
function shift(amount: number, digits: number): number {
  return digits < 0 ? amount / 10 ** -digits : amount * 10 ** digits;
}

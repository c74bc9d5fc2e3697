import { minorUnitDigits } from '@widget-store/contract';
import { GatewayError } from '../gateway';

/** The values of `STRIPE_MODE`. No money moves in test mode. */
export const stripeModes = ['test', 'live'] as const;
export type StripeMode = (typeof stripeModes)[number];

/**
 * How long a session stays open after the payment window. The store creates the session only when the shopper opens the
 * payment page. The shopper can do so in the last second of the window. Stripe requires that a new session expires at
 * least 30 minutes after its creation. One minute more allows for clock skew. The store usually expires the session
 * earlier, when the payment window ends or the order is cancelled.
 */
export const stripeSessionAfterWindowMs = 31 * 60_000;

/**
 * The longest payment window. Stripe keeps a session open for at most 24 hours, including the time after the window.
 * One minute less allows for clock skew.
 */
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
/** Currencies with three decimals. Stripe requires the last decimal to be 0 (same page, three-decimal). */
const withThreeDecimals = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);
/**
 * Currencies without decimals. Stripe's API writes them with two decimals, which must be 00 (same page, special cases).
 */
const withEmptyDecimals = new Set(['ISK', 'UGX']);

/** An amount in the form of Stripe's API. For some currencies, Stripe's minor units differ from those of ISO 4217. */
export interface StripeAmount {
  amount: number;
  /** ISO 4217 code in lower case. */
  currency: string;
}

interface Money {
  /** Integer minor units of ISO 4217. */
  amountMinor: number;
  currency: string;
}

/** @throws GatewayError `GatewayRefused` if Stripe cannot take exactly this amount */
export function toStripeAmount(money: Money): StripeAmount {
  const { currency } = money;
  if (isExactInStripe(money)) return { amount: inStripeUnits(money), currency: currency.toLowerCase() };
  const step = stepOf(currency);
  throw new GatewayError(
    'GatewayRefused',
    `Stripe takes ${currency} only in steps of ${step}, in the units of its API.`,
  );
}

/** Whether Stripe can take exactly this amount. */
export function isExactInStripe(money: Money): boolean {
  const amount = inStripeUnits(money);
  return Number.isSafeInteger(amount) && amount % stepOf(money.currency) === 0;
}

/**
 * @returns minor units of ISO 4217. If the amount is not a whole number of minor units, the result is a fraction, which
 * never equals the total of an order
 */
export function fromStripeAmount({ amount, currency }: StripeAmount): { amountMinor: number; currency: string } {
  const code = currency.toUpperCase();
  return { amountMinor: shift(amount, minorUnitDigits(code) - stripeDigits(code)), currency: code };
}

function inStripeUnits({ amountMinor, currency }: Money): number {
  return shift(amountMinor, stripeDigits(currency) - minorUnitDigits(currency));
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

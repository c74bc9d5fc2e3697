import { minorUnitDigits } from './money';

/** Which of Stripe's two worlds: in the one for tests no money moves. */
export const stripeModes = ['test', 'live'] as const;
export type StripeMode = (typeof stripeModes)[number];

/**
 * Stripe lets a shopper pay for at least half an hour. A session therefore outlives the payment window by that, so that it can
 * be opened until the window's last moment, and a minute for clocks; the store ends it itself when the order is over.
 */
export const stripeSessionAfterWindowMs = 31 * 60_000;

/** Stripe lets a shopper pay for a day at most. */
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
/** With three, of which Stripe wants the last to be 0 (ibid., three-decimal). */
const withThreeDecimals = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);
/** Have no decimals, but are given to Stripe with two, which must be 00 (ibid., special cases). */
const withEmptyDecimals = new Set(['ISK', 'UGX']);

/** An amount and ISO 4217 code in the form of Stripe's API, whose minor units are not everywhere those of ISO 4217. */
export interface StripeAmount {
  amount: number;
  /** In small letters. */
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
 * @returns integer minor units as the store counts them; a fraction of one is kept, and equals no order's total
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

/** By powers of ten: multiplied or divided by an integer, so that whole amounts stay exact. */
function shift(amount: number, digits: number): number {
  return digits < 0 ? amount / 10 ** -digits : amount * 10 ** digits;
}

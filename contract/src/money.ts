import { minorUnitDigits } from './currencies';

/** An amount of money in the form that the store calculates with. */
export interface Money {
  /** Integer minor units: cents for USD. */
  minor: number;
  /** ISO 4217 code. */
  currency: string;
}

/**
 * Writes an amount as a decimal string. HTTP messages contain prices in this form.
 *
 * @returns for example `"99.99"` for 9999 minor units of USD, and `"500"` for 500 minor units of JPY
 * @throws RangeError if the amount is not a safe integer or the currency is not one of `currencyCodes`
 */
export function decimalAmount({ minor, currency }: Money): string {
  if (!Number.isSafeInteger(minor))
    throw new RangeError('the amount must be a whole number of minor units and a safe integer');
  const decimals = minorUnitDigits(currency);
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * Reads an amount as people type it: digits, and optionally a point or a comma with the decimals.
 *
 * @returns integer minor units; null for a text that is not an amount of the currency
 */
export function parseAmount(text: string, currency: string): number | null {
  const decimals = minorUnitDigits(currency);
  const [, whole, fraction = ''] = /^(\d{1,12})(?:[.,](\d+))?$/.exec(text.trim()) ?? [];
  return whole === undefined || fraction.length > decimals ? null : Number(whole + fraction.padEnd(decimals, '0'));
}

const formats = new Map<string, Intl.NumberFormat>();

/**
 * Formats an amount as people of a locale write it. `Intl` gets a decimal string, because a float would lose digits of
 * large amounts.
 *
 * @param locale a BCP 47 tag; undefined for the locale of the browser or process
 */
export function formatMoney(money: Money, locale?: string): string {
  // decimalAmount always returns a decimal number, although its type is only `string`.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const amount = decimalAmount(money) as Intl.StringNumericLiteral;
  return numberFormat(money.currency, locale).format(amount);
}

/** Caches the formats, because creating one takes a hundred times as long as formatting a price. */
function numberFormat(currency: string, locale: string | undefined): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const decimals = minorUnitDigits(currency);
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  formats.set(key, format);
  return format;
}

/**
 * Whether a payment has exactly the amount and the currency of the order. A payment that differs does not make
 * the order PAID.
 *
 * @param payment what the gateway has captured: integer minor units and an ISO 4217 code
 */
export function paysFor(
  order: { totalMinor: number; currency: string },
  payment: { amountMinor: number; currency: string },
): boolean {
  return payment.amountMinor === order.totalMinor && payment.currency === order.currency;
}

import { minorUnitDigits } from './currencies';

/** An amount of money as the store computes with it. */
export interface Money {
  /** Integer minor units: cents for USD. */
  minor: number;
  /** ISO 4217 code. */
  currency: string;
}

/**
 * An amount of integer minor units as a decimal string, as prices stand on the wire.
 *
 * @returns for example `"99.99"` for 9999 USD and `"500"` for 500 JPY
 * @throws RangeError when the amount is not a safe integer or the currency is not an active ISO 4217 code
 */
export function decimalAmount({ minor, currency }: Money): string {
  if (!Number.isSafeInteger(minor)) throw new RangeError('an amount is a whole number of minor units');
  const decimals = minorUnitDigits(currency);
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

const formats = new Map<string, Intl.NumberFormat>();

/**
 * An amount as people of a locale write it. The minor units never become a float on the way.
 *
 * @param locale a BCP 47 tag; undefined for the locale of the browser or process
 */
export function formatMoney(money: Money, locale?: string): string {
  // decimalAmount returns nothing but a decimal number, which its type `string` cannot say.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const amount = decimalAmount(money) as Intl.StringNumericLiteral;
  return numberFormat(money.currency, locale).format(amount);
}

/** Kept, because making a number format takes a hundred times as long as formatting a price. */
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
 * Whether a payment is for exactly this order. Another amount or another currency never marks the order paid.
 *
 * @param payment amount in integer minor units and ISO 4217 code, as the gateway has captured it
 */
export function paysFor(
  order: { totalMinor: number; currency: string },
  payment: { amountMinor: number; currency: string },
): boolean {
  return payment.amountMinor === order.totalMinor && payment.currency === order.currency;
}

/**
 * An amount of integer minor units as a decimal string, as prices stand on the wire.
 *
 * @param amount.minor integer minor units (cents for USD)
 * @param amount.currency ISO 4217 code; it decides the number of decimals
 * @returns for example `"99.99"` for 9999 USD and `"500"` for 500 JPY
 * @throws RangeError when the amount is not a safe integer or the currency is not a code
 */
export function decimalAmount({ minor, currency }: { minor: number; currency: string }): string {
  if (!Number.isSafeInteger(minor)) throw new RangeError('an amount is a whole number of minor units');
  const decimals = minorUnitDigits(currency);
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** By currency, because a number format takes a hundred times as long to make as a price to write. */
const knownDigits = new Map<string, number>();

/** How many decimals a currency has: 2 for USD, 0 for JPY, 3 for KWD (ISO 4217, through `Intl`). */
export function minorUnitDigits(currency: string): number {
  const known = knownDigits.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  knownDigits.set(currency, digits);
  return digits;
}

/**
 * Whether a payment is for exactly this order. Anything else, more or less or another currency, never marks it paid.
 *
 * @param payment amount in integer minor units and ISO 4217 code, as the gateway has captured it
 */
export function paysFor(
  order: { totalMinor: number; currency: string },
  payment: { amountMinor: number; currency: string },
): boolean {
  return payment.amountMinor === order.totalMinor && payment.currency === order.currency;
}

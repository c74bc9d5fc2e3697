import { decimalAmount } from '@widget-store/contract';
import { fromStripeAmount, longestStripeWindowMs, stripeSessionAfterWindowMs, toStripeAmount } from './stripeUnits';

/** What the store counts for a decimal amount, whatever number of decimals this Node gives the currency. */
function minor(decimal: string, currency: string): number {
  for (const digits of [0, 2, 3]) {
    const amountMinor = Math.round(Number(decimal) * 10 ** digits);
    if (Number(decimalAmount({ minor: amountMinor, currency })) === Number(decimal)) return amountMinor;
  }
  throw new Error(`${decimal} ${currency} cannot be counted`);
}

describe("amounts in Stripe's units", () => {
  it.each([
    ['99.99', 'USD', 9999],
    ['500', 'JPY', 500],
    ['500', 'KRW', 500],
    ['5.12', 'KWD', 5120],
    ['5', 'ISK', 500],
    ['5', 'UGX', 500],
    ['1200', 'HUF', 120_000],
    ['7', 'MGA', 7],
  ])('%s %s is %i there, and the same again here', (decimal, currency, amount) => {
    const amountMinor = minor(decimal, currency);
    const there = { amount, currency: currency.toLowerCase() };
    expect(toStripeAmount({ amountMinor, currency })).toEqual(there);
    expect(fromStripeAmount(there)).toEqual({ amountMinor, currency });
  });

  it('refuses what Stripe could only take rounded', () => {
    expect(() => toStripeAmount({ amountMinor: 5124, currency: 'KWD' })).toThrow('in steps of 10');
    expect(() => toStripeAmount({ amountMinor: 0.5, currency: 'USD' })).toThrow('in steps of 1');
  });

  it('a part of a minor unit equals no whole one', () => {
    expect(Number.isInteger(fromStripeAmount({ amount: 501, currency: 'isk' }).amountMinor)).toBe(false);
  });
});

test('a session of the longest window is open for less than the day that Stripe allows', () => {
  expect(longestStripeWindowMs + stripeSessionAfterWindowMs).toBeLessThan(24 * 60 * 60_000);
  expect(stripeSessionAfterWindowMs).toBeGreaterThan(30 * 60_000);
});

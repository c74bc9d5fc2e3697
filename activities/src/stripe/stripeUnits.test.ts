import { currencyCodes, minorUnitDigits } from '@widget-store/contract';
import { fromStripeAmount, longestStripeWindowMs, stripeSessionAfterWindowMs, toStripeAmount } from './stripeUnits';

describe("amounts in Stripe's units", () => {
  it.each([
    { amountMinor: 9999, currency: 'USD', amount: 9999 },
    { amountMinor: 199_900, currency: 'RSD', amount: 199_900 },
    { amountMinor: 120_000, currency: 'HUF', amount: 120_000 },
    { amountMinor: 500, currency: 'JPY', amount: 500 },
    { amountMinor: 500, currency: 'KRW', amount: 500 },
    // Three decimals. Stripe requires the last one to be 0.
    { amountMinor: 5120, currency: 'KWD', amount: 5120 },
    // No decimals in ISO 4217, two in Stripe's API.
    { amountMinor: 5, currency: 'ISK', amount: 500 },
    { amountMinor: 5, currency: 'UGX', amount: 500 },
    // Two decimals in ISO 4217, none in Stripe's API.
    { amountMinor: 700, currency: 'MGA', amount: 7 },
  ])('$amountMinor minor units of $currency are $amount in Stripe, and convert back to the same number', (amounts) => {
    const { amountMinor, currency, amount } = amounts;
    const there = { amount, currency: currency.toLowerCase() };
    expect(toStripeAmount({ amountMinor, currency })).toEqual(there);
    expect(fromStripeAmount(there)).toEqual({ amountMinor, currency });
  });

  it('one unit of every currency converts to Stripe and back unchanged', () => {
    const units = currencyCodes.map((currency) => ({ amountMinor: 10 ** minorUnitDigits(currency), currency }));
    expect(units.map((unit) => fromStripeAmount(toStripeAmount(unit)))).toEqual(units);
  });

  it('refuses amounts that Stripe would have to round', () => {
    expect(() => toStripeAmount({ amountMinor: 5124, currency: 'KWD' })).toThrow('in steps of 10');
    expect(() => toStripeAmount({ amountMinor: 0.5, currency: 'USD' })).toThrow('in steps of 1');
  });

  it('a fraction of a minor unit does not become an integer', () => {
    expect(Number.isInteger(fromStripeAmount({ amount: 501, currency: 'isk' }).amountMinor)).toBe(false);
  });
});

test('a session of the longest window is open for less than the day that Stripe allows', () => {
  expect(longestStripeWindowMs + stripeSessionAfterWindowMs).toBeLessThan(24 * 60 * 60_000);
  expect(stripeSessionAfterWindowMs).toBeGreaterThan(30 * 60_000);
});

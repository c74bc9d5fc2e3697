import { decimalAmount, minorUnitDigits } from './money';

describe('amounts on the wire', () => {
  it.each([
    [{ minor: 9999, currency: 'USD' }, '99.99'],
    [{ minor: 5, currency: 'USD' }, '0.05'],
    [{ minor: 0, currency: 'USD' }, '0.00'],
    [{ minor: -150, currency: 'EUR' }, '-1.50'],
    [{ minor: 500, currency: 'JPY' }, '500'],
    [{ minor: 12_345, currency: 'KWD' }, '12.345'],
    [{ minor: Number.MAX_SAFE_INTEGER, currency: 'USD' }, '90071992547409.91'],
  ])('%j is %s', (amount, text) => {
    expect(decimalAmount(amount)).toBe(text);
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1])(
    '%d minor units is no amount',
    (minor) => {
      expect(() => decimalAmount({ minor, currency: 'USD' })).toThrow('whole number of minor units');
    },
  );

  it('knows the decimals of a currency', () => {
    expect([minorUnitDigits('USD'), minorUnitDigits('JPY')]).toEqual([2, 0]);
  });
});

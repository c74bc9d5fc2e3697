import { code as isoEntry, codes as isoCodes } from 'currency-codes';
import { currencyCodes, isCurrency, minorUnitDigits } from './currencies';
import { decimalAmount, formatMoney, parseAmount } from './money';

describe('amounts on the wire', () => {
  it.each([
    [{ minor: 9999, currency: 'USD' }, '99.99'],
    [{ minor: 5, currency: 'USD' }, '0.05'],
    [{ minor: 0, currency: 'USD' }, '0.00'],
    [{ minor: -150, currency: 'EUR' }, '-1.50'],
    [{ minor: 500, currency: 'JPY' }, '500'],
    [{ minor: 12_345, currency: 'KWD' }, '12.345'],
    [{ minor: 199_900, currency: 'RSD' }, '1999.00'],
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

  it.each(['', 'usd', 'BGN', 'XXX', 'XAU', 'ZZZ'])('refuses %j, which is no active currency', (currency) => {
    expect(isCurrency(currency)).toBe(false);
    expect(() => decimalAmount({ minor: 100, currency })).toThrow('not an active ISO 4217 currency code');
  });
});

describe('amounts as people type them', () => {
  it.each([
    [' 20 ', 'USD', 2000],
    ['20,5', 'USD', 2050],
    ['0.00', 'USD', 0],
    ['500', 'JPY', 500],
    ['1.234', 'KWD', 1234],
    ['1.234', 'USD', null],
    ['5.', 'USD', null],
    ['.5', 'USD', null],
    ['-1', 'USD', null],
    ['1e3', 'USD', null],
    ['', 'USD', null],
  ])('%j %s is %s minor units', (text, currency, minor) => {
    expect(parseAmount(text, currency)).toBe(minor);
  });
});

describe('the table of currencies', () => {
  const withoutMinorUnit = 'XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX';
  const endedSince = 'ANG BGN CUC';
  const startedSince = ['XAD', 'XCG'];
  const listed = isoCodes().filter((code) => !withoutMinorUnit.includes(code) && !endedSince.includes(code));

  it("has the codes of an independent copy of ISO's list, plus the later changes of that list", () => {
    expect(currencyCodes).toEqual([...listed, ...startedSince].toSorted());
  });

  it("has the decimals of an independent copy of ISO's list", () => {
    const ours = Object.fromEntries(listed.map((code) => [code, minorUnitDigits(code)]));
    expect(ours).toEqual(Object.fromEntries(listed.map((code) => [code, isoEntry(code)?.digits])));
  });

  it('gives amounts for people the same digits as amounts for programs', () => {
    const amounts = currencyCodes.map((currency) => ({ minor: 1_234_567, currency }));
    const read = amounts.map((money) => /[\d,.]+$/.exec(formatMoney(money, 'en-US'))?.[0].replaceAll(',', ''));
    expect(read).toEqual(amounts.map(decimalAmount));
  });
});

test('the largest safe amount is formatted exactly', () => {
  const money = { minor: Number.MAX_SAFE_INTEGER, currency: 'USD' };
  expect(formatMoney(money, 'en-US')).toBe('$90,071,992,547,409.91');
});

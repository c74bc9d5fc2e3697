import { formatMoney } from './format.js';

const digits = (text: string) => text.replace(/[^0-9.]/g, '');

test('money has the decimals of its currency', () => {
  expect(digits(formatMoney({ minor: 9999, currency: 'USD' }))).toBe('99.99');
  expect(digits(formatMoney({ minor: 500, currency: 'JPY' }))).toBe('500');
  expect(digits(formatMoney({ minor: 1, currency: 'KWD' }))).toBe('0.001');
});

test('the largest safe amount is exact', () => {
  expect(digits(formatMoney({ minor: Number.MAX_SAFE_INTEGER, currency: 'USD' }))).toBe('90071992547409.91');
});

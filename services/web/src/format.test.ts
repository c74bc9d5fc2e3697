import { formatCountdown, formatMoment, formatMoney } from './format.js';

const digits = (text: string) => text.replace(/[^0-9.]/g, '');

test('money has the decimals of its currency', () => {
  expect(digits(formatMoney({ minor: 9999, currency: 'USD' }))).toBe('99.99');
  expect(digits(formatMoney({ minor: 500, currency: 'JPY' }))).toBe('500');
  expect(digits(formatMoney({ minor: 1, currency: 'KWD' }))).toBe('0.001');
});

test('the largest safe amount is exact', () => {
  expect(digits(formatMoney({ minor: Number.MAX_SAFE_INTEGER, currency: 'USD' }))).toBe('90071992547409.91');
});

test('a moment of another day has its date', () => {
  const time = new Date(2030, 0, 1, 12, 30).getTime();
  const today = formatMoment({ time, nowMs: new Date(2030, 0, 1, 23, 59).getTime() });
  const tomorrow = formatMoment({ time, nowMs: new Date(2030, 0, 2, 0, 1).getTime() });
  expect(today).not.toContain('2030');
  expect(tomorrow).toContain('2030');
});

test('a countdown is minutes and seconds', () => {
  expect(formatCountdown(899_999)).toBe('14:59');
  expect(formatCountdown(5_000)).toBe('00:05');
});

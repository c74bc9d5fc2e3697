import { formatCountdown, formatMoment } from './format.js';

test('a time on another day includes the date', () => {
  const time = new Date(2030, 0, 1, 12, 30).getTime();
  const today = formatMoment({ time, nowMs: new Date(2030, 0, 1, 23, 59).getTime() });
  const tomorrow = formatMoment({ time, nowMs: new Date(2030, 0, 2, 0, 1).getTime() });
  expect(today).not.toContain('2030');
  expect(tomorrow).toContain('2030');
});

test('a countdown shows minutes and seconds', () => {
  expect(formatCountdown(899_999)).toBe('14:59');
  expect(formatCountdown(5_000)).toBe('00:05');
});

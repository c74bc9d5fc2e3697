import { parseRetryAfterMs, pollDelayMs, retryDelayMs } from './retry.js';

const nowMs = Date.parse('2030-01-01T00:00:00Z');

test('the delay doubles up to 8 s', () => {
  const delays = [0, 1, 2, 3, 4, 5, 1_000].map((attempt) => retryDelayMs({ attempt, retryAfterMs: null, random: 1 }));
  expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
});

test('a quarter of the delay is random', () => {
  expect(retryDelayMs({ attempt: 0, retryAfterMs: null, random: 0 })).toBe(375);
});

test('the delay is never shorter than Retry-After, up to a minute', () => {
  expect(retryDelayMs({ attempt: 0, retryAfterMs: 3_000, random: 0 })).toBe(3_000);
  expect(retryDelayMs({ attempt: 4, retryAfterMs: 3_000, random: 1 })).toBe(8_000);
  expect(retryDelayMs({ attempt: 0, retryAfterMs: 3_600_000, random: 0 })).toBe(60_000);
});

test('a poll keeps its interval unless Retry-After is longer', () => {
  expect(pollDelayMs({ intervalMs: 500, retryAfterMs: null })).toBe(500);
  expect(pollDelayMs({ intervalMs: 500, retryAfterMs: 1_000 })).toBe(1_000);
  expect(pollDelayMs({ intervalMs: 2_000, retryAfterMs: 1_000 })).toBe(2_000);
  expect(pollDelayMs({ intervalMs: 500, retryAfterMs: 3_600_000 })).toBe(60_000);
});

test.each([
  [null, null],
  ['', null],
  ['soon', null],
  ['0', 0],
  [' 2 ', 2_000],
  ['Tue, 01 Jan 2030 00:00:05 GMT', 5_000],
  ['Mon, 31 Dec 2029 23:59:00 GMT', 0],
])('Retry-After %p is %p ms', (header, expected) => {
  expect(parseRetryAfterMs({ header, nowMs })).toBe(expected);
});

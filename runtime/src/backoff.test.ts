import { backoffMs, parseRetryAfter } from './backoff';

const backoff = { firstMs: 200, longestMs: 30_000 };

test('the wait doubles from 200 ms to 30 s, and its upper half is random', () => {
  const waits = (random: number) =>
    [1, 2, 3, 8, 9, 5000].map((failures) => backoffMs(failures, { ...backoff, random }));

  expect(waits(1)).toEqual([200, 400, 800, 25_600, 30_000, 30_000]);
  expect(waits(0)).toEqual([100, 200, 400, 12_800, 15_000, 15_000]);
});

test('a receiver may ask for a longer wait, up to an hour', () => {
  expect(backoffMs(1, { ...backoff, retryAfterMs: 5000, random: 1 })).toBe(5000);
  expect(backoffMs(9, { ...backoff, retryAfterMs: 5000, random: 1 })).toBe(30_000);
  expect(backoffMs(1, { ...backoff, retryAfterMs: 1e12, random: 1 })).toBe(3_600_000);
});

test.each([
  [null, undefined],
  ['3', 3000],
  ['soon', undefined],
  ['Thu, 01 Jan 1970 00:01:00 GMT', 50_000],
  ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
])('Retry-After %j asks for %p ms', (header, expected) => {
  expect(parseRetryAfter(header, 10_000)).toBe(expected);
});

import { noteStoreTime, storeNow } from './clock.js';

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-01-31T12:00:00.000Z') });
});
afterEach(() => {
  jest.useRealTimers();
});

test.each([
  { what: 'a quarter of an hour ahead', date: 'Sat, 31 Jan 2026 11:45:00 GMT', now: '2026-01-31T11:45:00.000Z' },
  { what: 'behind', date: 'Sat, 31 Jan 2026 12:05:00 GMT', now: '2026-01-31T12:05:00.000Z' },
  { what: 'right but for the way', date: 'Sat, 31 Jan 2026 11:59:58 GMT', now: '2026-01-31T12:00:00.000Z' },
  { what: 'all there is to go by', date: null, now: '2026-01-31T12:00:00.000Z' },
])('a device whose clock is $what', ({ date, now }) => {
  noteStoreTime('Sat, 31 Jan 2026 12:00:00 GMT');
  noteStoreTime(date);
  expect(new Date(storeNow()).toISOString()).toBe(now);
});

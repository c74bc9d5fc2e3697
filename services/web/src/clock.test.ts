import { recordStoreTime, storeNowMs } from './clock.js';

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-01-31T12:00:00.000Z') });
});
afterEach(() => {
  jest.useRealTimers();
});

test.each([
  { what: '15 minutes ahead', date: 'Sat, 31 Jan 2026 11:45:00 GMT', now: '2026-01-31T11:45:00.000Z' },
  { what: '5 minutes behind', date: 'Sat, 31 Jan 2026 12:05:00 GMT', now: '2026-01-31T12:05:00.000Z' },
  { what: 'within the tolerance', date: 'Sat, 31 Jan 2026 11:59:58 GMT', now: '2026-01-31T12:00:00.000Z' },
  { what: 'the only clock known', date: null, now: '2026-01-31T12:00:00.000Z' },
])('storeNowMs on a device whose clock is $what', ({ date, now }) => {
  recordStoreTime('Sat, 31 Jan 2026 12:00:00 GMT');
  recordStoreTime(date);
  expect(new Date(storeNowMs()).toISOString()).toBe(now);
});

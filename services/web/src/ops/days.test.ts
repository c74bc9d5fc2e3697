import { dayOf, isDay, startOfDay } from './days.js';

describe('a day of the filter', () => {
  it('starts at midnight in the time zone of the browser, also at the end of a month and of a year', () => {
    expect(startOfDay('2026-01-31')).toBe(new Date(2026, 0, 31).toISOString());
    expect(startOfDay('2026-01-31', 1)).toBe(new Date(2026, 1, 1).toISOString());
    expect(startOfDay('2026-12-31', 1)).toBe(new Date(2027, 0, 1).toISOString());
  });

  it('is that of the browser', () => {
    expect(dayOf(new Date(2026, 0, 5, 23, 59).getTime())).toBe('2026-01-05');
  });

  it.each(['', 'today', '2026-1-1', '2026-13-01', '2026-01-01T00:00'])('cannot be %j', (text) => {
    expect(isDay(text)).toBe(false);
  });

  it('can be 2026-02-28', () => {
    expect(isDay('2026-02-28')).toBe(true);
  });
});

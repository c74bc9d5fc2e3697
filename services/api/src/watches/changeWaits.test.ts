import { createChangeWaits } from './changeWaits';

const longMs = 60_000;

/** The timers are fake, so a wait evaluates its condition only after a change, or when a test advances the timers. */
describe('waiting for a change of an order', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('evaluates every waiting condition after each change', async () => {
    const waits = createChangeWaits();
    const wakes = [0, 0];
    const waiting = wakes.map((_, index) =>
      waits.listen('or_1').until(async () => ((wakes[index] ?? 0) < 1 ? ((wakes[index] = 1), false) : true), longMs),
    );
    waits.changed('or_1');
    await jest.advanceTimersByTimeAsync(0);
    expect(wakes).toEqual([1, 1]);
    waits.changed('or_1');
    expect(await Promise.all(waiting)).toEqual([true, true]);
  });

  it('ignores changes of other orders', async () => {
    const waits = createChangeWaits();
    const look = jest.fn(async () => true);
    const waiting = waits.listen('or_1').until(look, longMs);
    waits.changed('or_2');
    await jest.advanceTimersByTimeAsync(0);
    expect(look).not.toHaveBeenCalled();
    waits.changed('or_1');
    expect(await waiting).toBe(true);
  });

  it('does not miss a change between listen and until', async () => {
    const waits = createChangeWaits();
    const wait = waits.listen('or_1');
    waits.changed('or_1');
    expect(await wait.until(async () => true, longMs)).toBe(true);
  });

  it('evaluates the condition when notifications were lost', async () => {
    const waits = createChangeWaits();
    const waiting = waits.listen('or_1').until(async () => true, longMs);
    waits.missed();
    expect(await waiting).toBe(true);
  });

  it('evaluates the condition regularly without notifications, and gives up in time', async () => {
    const wait = createChangeWaits().listen('or_1');
    const look = jest.fn(async () => false);
    const waiting = wait.until(look, 1000);
    await jest.advanceTimersByTimeAsync(1200);
    expect(await waiting).toBe(false);
    expect(look.mock.calls.length).toBeGreaterThan(3);
  });

  it('keeps nothing after the end of a wait', () => {
    const waits = createChangeWaits();
    const [one, other] = [waits.listen('or_1'), waits.listen('or_1')];
    one.end();
    expect(waits.open()).toBe(1);
    other.end();
    other.end();
    expect(waits.open()).toBe(0);
  });
});

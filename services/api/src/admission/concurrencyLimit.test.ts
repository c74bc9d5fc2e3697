import { type ConcurrencyLimit, createConcurrencyLimit } from './concurrencyLimit';

/** A limit whose work begins when the work before it has ended. */
function limited() {
  const limit = createConcurrencyLimit();
  let nowMs = 0;
  const end = (tookMs: number, more: Partial<Parameters<ConcurrencyLimit['record']>[0]> = {}): void => {
    const startedAtMs = nowMs;
    nowMs += tookMs;
    limit.record({ startedAtMs, endedAtMs: nowMs, isDone: true, wasFull: true, ...more });
  };
  /** Ends as many as may run at once. */
  const window = (tookMs: number[], more?: Parameters<typeof end>[1]): number => {
    const count = limit.value;
    for (let index = 0; index < count; index++) end(tookMs[index % tookMs.length] as number, more);
    return limit.value;
  };
  return { limit, window };
}

describe('the concurrency limit', () => {
  it('grows by one after a window of fast work that used it up', () => {
    const { limit, window } = limited();
    expect([limit.value, window([50]), window([50])]).toEqual([10, 11, 12]);
  });

  it('stays where nobody reaches it', () => {
    expect(limited().window([50], { wasFull: false })).toBe(10);
  });

  it('after a slow window it is what would have been fast, whoever filled it', () => {
    const { window } = limited();
    expect([window([625]), window([800], { wasFull: false })]).toEqual([8, 5]);
  });

  it('falls by half at most, and once for all that ran beside each other', () => {
    const { limit, window } = limited();
    expect(window([5000])).toBe(5);
    expect(window([5000], { startedAtMs: 0 })).toBe(5);
    expect([window([5000]), limit.value]).toEqual([2, 2]);
  });

  it('a few slow ones are no congestion', () => {
    expect(limited().window([5000, 50, 50])).toBe(11);
  });

  it('what fails at once says nothing, what fails late is slow', () => {
    const { window } = limited();
    expect([window([3], { isDone: false }), window([5000], { isDone: false })]).toEqual([10, 5]);
  });

  it('has a floor, from which it comes back, and a ceiling', () => {
    const { limit, window } = limited();
    for (let slow = 0; slow < 10; slow++) window([5000]);
    expect(limit.value).toBe(2);
    for (let fast = 0; fast < 300; fast++) window([50]);
    expect(limit.value).toBe(200);
  });
});

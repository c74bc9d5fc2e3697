import { type ConcurrencyLimit, createConcurrencyLimit } from './concurrencyLimit';

/** Creates a limit, and a function that reports one whole window of ended work to this limit. */
function limited() {
  const limit = createConcurrencyLimit();
  let nowMs = 0;
  const end = (tookMs: number, more: Partial<Parameters<ConcurrencyLimit['record']>[0]> = {}): void => {
    const startedAtMs = nowMs;
    nowMs += tookMs;
    limit.record({ startedAtMs, endedAtMs: nowMs, isDone: true, wasFull: true, ...more });
  };
  /** Records a whole window: as many pieces of work as the limit allows at the same time. @returns the new limit */
  const window = (tookMs: number[], more?: Parameters<typeof end>[1]): number => {
    const count = limit.value;
    for (let index = 0; index < count; index++) end(tookMs[index % tookMs.length] as number, more);
    return limit.value;
  };
  return { limit, window };
}

describe('the concurrency limit', () => {
  it('grows by one after a fast window in which it was reached', () => {
    const { limit, window } = limited();
    expect([limit.value, window([50]), window([50])]).toEqual([10, 11, 12]);
  });

  it('does not grow while it is not reached', () => {
    expect(limited().window([50], { wasFull: false })).toBe(10);
  });

  it('falls in proportion to the median of a slow window, even if the limit was not reached', () => {
    const { window } = limited();
    expect([window([550]), window([560], { wasFull: false })]).toEqual([9, 8]);
  });

  it('falls by at most half, and only once for work that ran at the same time', () => {
    const { window } = limited();
    for (let fast = 0; fast < 30; fast++) window([50]);
    expect(window([5000])).toBe(20);
    expect(window([5000], { startedAtMs: 0 })).toBe(20);
    expect(window([5000])).toBe(10);
  });

  it('does not fall for a few slow pieces of work', () => {
    expect(limited().window([5000, 50, 50])).toBe(11);
  });

  it('ignores fast failures, and records slow failures as slow work', () => {
    const { window } = limited();
    expect([window([3], { isDone: false }), window([5000], { isDone: false })]).toEqual([10, 8]);
  });

  it('has a minimum, from which it recovers, and a maximum', () => {
    const { limit, window } = limited();
    for (let slow = 0; slow < 10; slow++) window([5000]);
    expect(limit.value).toBe(8);
    for (let fast = 0; fast < 300; fast++) window([50]);
    expect(limit.value).toBe(200);
  });
});

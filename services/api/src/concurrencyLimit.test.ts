import { createConcurrencyLimit } from './concurrencyLimit';

/** Ends a whole window of work. */
function window(limit: ReturnType<typeof createConcurrencyLimit>, tookMs: number[], wasFull = true): number {
  const count = limit.value;
  for (let index = 0; index < count; index++) {
    limit.ended({ tookMs: tookMs[index % tookMs.length] as number, isDone: true, wasFull });
  }
  return limit.value;
}

describe('the concurrency limit', () => {
  it('grows by one after a window of fast work that used it up', () => {
    const limit = createConcurrencyLimit();
    expect([limit.value, window(limit, [50]), window(limit, [50])]).toEqual([20, 21, 22]);
  });

  it('stays where nobody reaches it', () => {
    const limit = createConcurrencyLimit();
    expect(window(limit, [50], false)).toBe(20);
  });

  it('falls by a tenth after a window of slow work, whoever filled it', () => {
    const limit = createConcurrencyLimit();
    expect([window(limit, [800]), window(limit, [800], false)]).toEqual([18, 16]);
  });

  it('a few slow ones are no congestion', () => {
    const limit = createConcurrencyLimit();
    expect(window(limit, [5000, 50, 50])).toBe(21);
  });

  it('what fails at once says nothing, what fails late is slow', () => {
    const limit = createConcurrencyLimit();
    const fail = (tookMs: number): number => {
      for (let index = 0; index < 20; index++) limit.ended({ tookMs, isDone: false, wasFull: true });
      return limit.value;
    };
    expect([fail(3), fail(5000)]).toEqual([20, 18]);
  });

  it('has a floor, from which it comes back, and a ceiling', () => {
    const limit = createConcurrencyLimit();
    for (let slow = 0; slow < 50; slow++) window(limit, [5000]);
    expect(limit.value).toBe(10);
    for (let fast = 0; fast < 300; fast++) window(limit, [50]);
    expect(limit.value).toBe(200);
  });
});

import { createBulkhead } from './bulkhead';
import { ProductBusy } from './errors';

/** A statement that runs until the test calls `end` or `fail`. */
function held() {
  const statement = { running: false, end: () => {}, fail: (_error: Error) => {} };
  const run = (): Promise<string> => {
    statement.running = true;
    return new Promise((resolve, reject) => {
      statement.end = () => resolve('done');
      statement.fail = reject;
    });
  };
  return Object.assign(statement, { run });
}

const settled = () => jest.advanceTimersByTimeAsync(0);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: ProductBusy) => error.code,
  );

describe('statements that lock products', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('run two at a time for one product, and do not delay those of other products', async () => {
    const bulkhead = createBulkhead({ maxRunning: 6, maxWaitMs: 5000 });
    const [first, second, third, other] = [held(), held(), held(), held()];
    for (const { run } of [first, second, third]) void bulkhead.run([1], run);
    void bulkhead.run([2], other.run);
    await settled();
    expect([first, second, third, other].map(({ running }) => running)).toEqual([true, true, false, true]);
    first.end();
    await settled();
    expect(third.running).toBe(true);
  });

  it('take no more than their share of the connections', async () => {
    const bulkhead = createBulkhead({ maxRunning: 2, maxWaitMs: 5000 });
    const statements = [held(), held(), held()];
    statements.forEach(({ run }, index) => void bulkhead.run([index], run));
    await settled();
    expect(statements.filter(({ running }) => running)).toHaveLength(2);
  });

  it('are refused for one second after another statement for the same product has met a lock', async () => {
    const bulkhead = createBulkhead({ maxRunning: 6, maxWaitMs: 5000 });
    const [first, second, third, free] = [held(), held(), held(), held()];
    const outcomes = [first, second, third].map(({ run }) => codeOf(bulkhead.run([1], run)));
    await settled();
    first.fail(new ProductBusy([1]));
    second.fail(new ProductBusy([1]));
    expect(await Promise.all(outcomes)).toEqual(['ProductBusy', 'ProductBusy', 'ProductBusy']);
    expect(third.running).toBe(false);
    expect(await codeOf(bulkhead.run([1, 2], third.run))).toBe('ProductBusy');
    void bulkhead.run([2], free.run);
    await settled();
    expect(free.running).toBe(true);
    await jest.advanceTimersByTimeAsync(1001);
    void bulkhead.run([1], third.run);
    await settled();
    expect(third.running).toBe(true);
  });

  it('do not run when their turn comes too late', async () => {
    const bulkhead = createBulkhead({ maxRunning: 1, maxWaitMs: 5000 });
    const [first, late] = [held(), held()];
    void bulkhead.run([1], first.run);
    const outcome = codeOf(bulkhead.run([2], late.run));
    await jest.advanceTimersByTimeAsync(5001);
    first.end();
    expect(await outcome).toBe('DatabaseUnavailable');
    expect(late.running).toBe(false);
  });

  it('do not deadlock when two carts name the same products in different sequences', async () => {
    const bulkhead = createBulkhead({ maxRunning: 6, maxWaitMs: 5000 });
    const carts = [
      [1, 2],
      [2, 1],
      [1, 2],
      [2, 1],
    ];
    const runs = carts.map((cart) => bulkhead.run(cart, async () => settled().then(() => 'done')));
    expect(await Promise.all(runs)).toEqual(carts.map(() => 'done'));
  });
});

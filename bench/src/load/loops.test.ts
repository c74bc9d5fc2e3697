import { setTimeout as delay } from 'node:timers/promises';
import { closedLoop, openLoop } from './loops';

describe('load', () => {
  it('times what waited behind something slow from when it was due', async () => {
    let isFirst = true;
    let turn = Promise.resolve();
    const oneAtATime = (): Promise<void> => {
      const slowMs = isFirst ? 200 : 0;
      isFirst = false;
      turn = turn.then(() => delay(slowMs));
      return turn;
    };
    const times = await openLoop({ perSecond: 100, durationMs: 100 }, oneAtATime);
    expect(times).toHaveLength(10);
    // The second was due 10 ms after the first, and could not end before it.
    expect(times[1]).toBeGreaterThan(150);
  });

  it('counts what was done in time, and waits for the rest', async () => {
    let ended = 0;
    const { done } = await closedLoop({ clients: 2, durationMs: 100 }, async () => {
      await delay(80);
      ended += 1;
    });
    expect(done).toBe(2);
    expect(ended).toBe(4);
  });
});

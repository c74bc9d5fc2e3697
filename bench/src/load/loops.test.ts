import { setTimeout as delay } from 'node:timers/promises';
import { closedLoop, openLoop } from './loops';

describe('load', () => {
  it('measures work from the time when it was due, even if it waited behind slow work', async () => {
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
    // The second piece of work was due 10 ms after the first, and could not start before the first had ended.
    expect(times[1]).toBeGreaterThan(150);
  });

  it('counts the work that ends within the duration, whenever it started, and waits for the rest', async () => {
    let ended = 0;
    const work = async (): Promise<void> => {
      await delay(80);
      ended += 1;
    };
    const read = (): number => ended;
    const rate = await closedLoop({ clients: 2, warmUpMs: 40, durationMs: 160, read }, work);
    // Each client ends a piece of work at 80, 160 and 240 ms. The measurement lasts from 40 to 200 ms.
    expect(rate).toMatchObject({ done: 4, before: 0, after: 4 });
    expect(ended).toBe(6);
  });

  it('ends with the first failure, and stops every client', async () => {
    let begun = 0;
    const work = async (client: number): Promise<void> => {
      begun += 1;
      await delay(10);
      if (client === 1) throw new Error('no');
    };
    await expect(closedLoop({ clients: 2, warmUpMs: 1000, durationMs: 1000 }, work)).rejects.toThrow('no');
    const begunThen = begun;
    await delay(50);
    expect(begun).toBe(begunThen);
  });
});

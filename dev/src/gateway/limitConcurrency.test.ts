import { limitConcurrency } from './limitConcurrency';

test('at most the given number of tasks run at once, and a failed task also makes room', async () => {
  const limited = limitConcurrency(2);
  const ends: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const task = async (fails: boolean): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => ends.push(resolve));
    running -= 1;
    if (fails) throw new Error('failed');
  };
  const results = Promise.allSettled([true, false, false, true, false].map((fails) => limited(() => task(fails))));
  for (let ended = 0; ended < 5; ended += 1) {
    while (ends.length === 0) await Promise.resolve();
    ends.shift()?.();
  }

  expect((await results).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(most).toBe(2);
});

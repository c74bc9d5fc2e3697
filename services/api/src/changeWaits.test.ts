import { createChangeWaits } from './changeWaits';

const longMs = 60_000;

describe('waiting for a change of an order', () => {
  it('looks once more after each change, whoever waits', async () => {
    const waits = createChangeWaits();
    const [one, other] = [waits.listen('or_1'), waits.listen('or_1')];
    let looks = 0;
    const waiting = Promise.all([one, other].map((wait) => wait.until(async () => ++looks > 2, longMs)));
    waits.changed('or_1');
    expect(await waiting).toEqual([true, true]);
  });

  it('does not miss a change that came before anybody waited', async () => {
    const waits = createChangeWaits();
    const wait = waits.listen('or_1');
    waits.changed('or_1');
    const startedMs = performance.now();
    expect(await wait.until(async () => true, longMs)).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(200);
  });

  it('looks by itself where no change is told of, and gives up in time', async () => {
    const wait = createChangeWaits().listen('or_1');
    let looks = 0;
    expect(await wait.until(async () => ++looks > 1, longMs)).toBe(true);
    expect(await wait.until(async () => false, 1)).toBe(false);
  });

  it('is told when changes may have gone by unheard, and nothing more once it has ended', async () => {
    const waits = createChangeWaits();
    const wait = waits.listen('or_1');
    waits.missed();
    expect(await wait.until(async () => true, longMs)).toBe(true);
    wait.end();
    expect(() => waits.changed('or_1')).not.toThrow();
  });
});

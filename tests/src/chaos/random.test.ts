import { seededRandom } from '../support/random';
import { planFaults, faultFamilies } from './faults';
import { planLoad } from './plan';

const load = (seed: number) => {
  const plan = planLoad({ random: seededRandom(seed), name: 'test', durationMs: 60_000, checkoutsPerSecond: 5 });
  // JSON omits the state of the random sources, so the test also compares the next number of each source.
  return JSON.stringify({ ...plan, next: plan.shoppers.map(({ random }) => random.next()) });
};
const faults = (seed: number) =>
  planFaults({ random: seededRandom(seed), durationMs: 60_000, wanted: faultFamilies }).decks.map((deck) =>
    deck.map(({ kind, target }) => `${kind}: ${target}`),
  );

describe('a seed', () => {
  it('determines the whole load', () => {
    expect(load(7)).toBe(load(7));
    expect(load(7)).not.toBe(load(8));
  });

  it('determines the faults and their order', () => {
    expect(faults(7)).toEqual(faults(7));
    expect(faults(7)).not.toEqual(faults(8));
    for (const seed of [7, 8]) expect(faults(seed)[0]?.[0]).toMatch(/^SIGKILL: /);
  });

  it('plans all 12 kinds of shopper and more than 30 kinds of fault', () => {
    const { shoppers } = planLoad({ random: seededRandom(1), name: 'test', durationMs: 60_000, checkoutsPerSecond: 5 });
    expect(new Set(shoppers.map(({ kind }) => kind)).size).toBe(12);
    expect(
      new Set(
        faults(1)
          .flat()
          .map((fault) => fault.split(':')[0]),
      ).size,
    ).toBeGreaterThan(30);
  });
});

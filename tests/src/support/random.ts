/** A source of random decisions. The same seed gives the same decisions. */
export interface Random {
  /** Returns a number from 0 to 1, excluding 1. */
  next(): number;
  /** Returns a whole number from `from` to `to`, including both. */
  between(from: number, to: number): number;
  pick<T>(choices: readonly T[]): T;
  /** Returns one of the names. Names with a larger weight are more likely. */
  weighted<Name extends string>(weights: Record<Name, number>): Name;
  shuffled<T>(items: readonly T[]): T[];
  /** Returns a new source for a part of a run. That part makes the same decisions even if other parts change. */
  fork(): Random;
}

/** Returns a source that uses Mulberry32 (Tommy Ettinger). It gives the same numbers on every system. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(choices: readonly T[]): T => {
    if (choices.length === 0) throw new Error('there is nothing to choose from');
    return at(choices, between(0, choices.length - 1));
  };
  return {
    next,
    between,
    pick,
    weighted: <Name extends string>(weights: Record<Name, number>): Name => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a record has no other keys than those of its
      // type
      const names = Object.keys(weights) as Name[];
      let left = next() * names.reduce((sum, name) => sum + weights[name], 0);
      return names.find((name) => (left -= weights[name]) < 0) ?? pick(names);
    },
    shuffled: (items) => {
      const cards = [...items];
      for (let last = cards.length - 1; last > 0; last--) {
        const other = between(0, last);
        [cards[last], cards[other]] = [at(cards, other), at(cards, last)];
      }
      return cards;
    },
    fork: () => seededRandom(between(0, 2 ** 32 - 1)),
  };
}

/** @param index the index of an existing item */
function at<T>(items: readonly T[], index: number): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return items[index] as T;
}

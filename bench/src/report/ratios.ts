import type { Results } from '../results';
import { comparisons, type Side } from './goals';

/** How two figures compare. A higher ratio is always better. */
export interface Ratio {
  value: number;
  /** The least value that the ratio should have, if there is a goal. */
  goal?: number | undefined;
  /** The measure that was compared, with its unit. */
  what: string;
  ours: number;
  theirs: number;
}

export type Ratios = Record<string, Ratio>;

/** Returns the ratios of a run. Leaves out those whose figures were not measured. */
export function ratiosOf(results: Results): Ratios {
  const figure = (side: Side | number): number => {
    if (typeof side === 'number') return side;
    const [contestant, ...measures] = side;
    return measures.reduce((total, measure) => total + (results.of(contestant, measure) ?? Number.NaN), 0);
  };
  const entries = comparisons.map(({ name, what, goal, isCost = false, times = 1, ...sides }) => {
    const [ours, theirs] = [figure(sides.ours), figure(sides.theirs) * times];
    return [name, { value: isCost ? theirs / ours : ours / theirs, goal, what, ours, theirs }] as const;
  });
  return Object.fromEntries(entries.filter(([, { value }]) => Number.isFinite(value)));
}

import type { ContestantName } from './contestant';
import { median } from './measure/statistics';

export const scenarioNames = [
  'declined',
  'latency',
  'paid',
  'cheap',
  'reads',
  'hot',
  'replicas',
  'resources',
  'limits',
  'burst',
  'waiting',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/**
 * The figures of each contestant, with one value for each round. The name of a measure has dots and ends with the unit:
 * `declined.perSecond`.
 */
export type Figures = Partial<Record<ContestantName, Record<string, number[]>>>;

/** The figures of a run, in the order of measurement. */
export class Results {
  readonly figures: Figures = {};

  add(contestant: ContestantName, values: Record<string, number>): void {
    const measures = (this.figures[contestant] ??= {});
    for (const [measure, value] of Object.entries(values)) (measures[measure] ??= []).push(value);
  }

  /** @returns the median of the rounds; undefined if the contestant has no such measure */
  of(contestant: ContestantName, measure: string): number | undefined {
    const values = this.figures[contestant]?.[measure];
    return values && median(values);
  }
}

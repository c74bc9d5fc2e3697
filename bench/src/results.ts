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
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** What was measured of one contestant: each round's figure. */
export interface Samples {
  contestant: ContestantName;
  /** Dotted, with the unit last: `declined.perSecond`. */
  measure: string;
  values: number[];
}

/** Every figure of a run, in the order in which they came. */
export class Results {
  private readonly samples = new Map<string, Samples>();

  add(contestant: Samples['contestant'], figures: Record<string, number>): void {
    for (const [measure, value] of Object.entries(figures)) {
      const key = `${contestant} ${measure}`;
      const sample = this.samples.get(key) ?? { contestant, measure, values: [] };
      sample.values.push(value);
      this.samples.set(key, sample);
    }
  }

  all(): Samples[] {
    return [...this.samples.values()];
  }

  /** The median of the rounds; undefined when it was not measured. */
  of(contestant: Samples['contestant'], measure: string): number | undefined {
    const found = this.samples.get(`${contestant} ${measure}`);
    return found === undefined ? undefined : median(found.values);
  }
}

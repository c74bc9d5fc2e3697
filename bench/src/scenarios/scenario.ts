import type { ContestantName } from '../contestant';
import type { Results } from '../results';
import type { Running, RunningStore } from '../stores';

/** What a scenario is given to measure. */
export interface Field {
  contestants: Partial<Record<ContestantName, Running>>;
  /** The store as `make dev` runs it. */
  store: RunningStore;
  /** A store that has had a million orders. */
  grown: RunningStore;
  /** Of the contestant without an engine: nothing but requests changes anything there. */
  plainDatabaseUrl: string;
  /** As `store`, with two apis and two workers, started when it is asked for. */
  replicated(): Promise<RunningStore>;
  results: Results;
  /** Of milliseconds, for a quick look whether everything runs. */
  scale(durationMs: number): number;
  tell(text: string): void;
}

/** Clients that are enough for the highest rate; more of them only wait. */
export const clients = 16;

/**
 * Measures contestants in turns, so that what the machine does meanwhile happens to all of them, and begins each round with
 * another one.
 */
export async function inTurns(
  contestants: Running[],
  rounds: number,
  measure: (contestant: Running) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const first = round % Math.max(1, contestants.length);
    for (const one of [...contestants.slice(first), ...contestants.slice(0, first)]) await measure(one);
  }
}

/** Those of the names that take part. */
export function present({ contestants }: Field, names: ContestantName[]): Running[] {
  return names.flatMap((name) => contestants[name] ?? []);
}

import type { Contestant } from '../contestant';

/** The number of clients that reaches the highest rate. More clients would only wait. */
export const clients = 16;

/** A stock that no scenario can sell out. */
export const plenty = 1_000_000;

/**
 * Measures the contestants in turns, so that a disturbance of the machine affects all of them. Each round starts with a
 * different contestant.
 */
export async function interleave<Measured extends Contestant>(
  contestants: Measured[],
  rounds: number,
  measure: (contestant: Measured) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const first = round % contestants.length;
    for (const one of [...contestants.slice(first), ...contestants.slice(0, first)]) await measure(one);
  }
}

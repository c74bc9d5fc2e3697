import type { Contestant } from '../contestant';

/** Clients that are enough for the highest rate; more of them only wait. */
export const clients = 16;

/** More units than a scenario sells. */
export const plenty = 1_000_000;

/**
 * Measures the contestants in turns, so that a disturbance of the machine affects all of them. Each round begins with another
 * contestant.
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

/**
 * Runs all rounds of a race test, `atOnce` of them at the same time.
 *
 * @param play is called with the number of its round, from 0
 */
export async function playRounds<T>(
  { rounds, atOnce }: { rounds: number; atOnce: number },
  play: (round: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const player = async (): Promise<void> => {
    while (next < rounds) {
      const round = next++;
      results[round] = await play(round);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, player));
  return results;
}

/** Resolves at this time of the system clock, or at once if the time has passed. */
export function untilMoment(atMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, atMs - Date.now()));
  });
}

export interface ChaosSettings {
  seed: number;
  durationMs: number;
  /** The names of the fault families; undefined for all of them. */
  faults: string[] | undefined;
  /** The folder of an earlier run to judge; undefined to make a new run. */
  judge: string | undefined;
}

/**
 * Reads the settings of a chaos run. The defaults are those of `make test`: a minute with seed 1. `make chaos` sets
 * three minutes and a new seed.
 */
export function chaosSettings(): ChaosSettings {
  const { SEED = '1', DURATION = '60', FAULTS, JUDGE } = process.env;
  const [seed, seconds] = [Number(SEED), Number(DURATION)];
  if (!Number.isSafeInteger(seed)) throw new Error('SEED must be a whole number');
  if (!(seconds >= 10)) throw new Error('DURATION must be a number of seconds, at least 10');
  const faults = FAULTS?.split(',').filter((name) => name !== '');
  return { seed, durationMs: seconds * 1000, faults, judge: JUDGE };
}

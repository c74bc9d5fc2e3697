export interface OverloadSettings {
  /** The checkouts a second that the store can sustain; undefined to measure this rate. */
  rate: number | undefined;
  durationMs: number;
}

/**
 * Reads `RATE` and `DURATION`. Without `RATE`, the test measures the rate. Without `DURATION`, the overload lasts a
 * minute.
 */
export function overloadSettings(): OverloadSettings {
  const { RATE, DURATION = '60' } = process.env;
  const [rate, seconds] = [RATE === undefined ? undefined : Number(RATE), Number(DURATION)];
  if (rate !== undefined && !(rate > 0)) throw new Error('RATE must be a number of checkouts a second, greater than 0');
  if (!(seconds >= 10)) throw new Error('DURATION must be a number of seconds, at least 10');
  return { rate, durationMs: seconds * 1000 };
}

/** Reads the settings of `make soak`. The default is an hour with two checkouts a second. */
export function soakSettings(): { seed: number; rate: number; durationMs: number } {
  const { SEED = '1', RATE = '2', DURATION = '3600' } = process.env;
  const [seed, rate, seconds] = [Number(SEED), Number(RATE), Number(DURATION)];
  if (!Number.isSafeInteger(seed)) throw new Error('SEED must be a whole number');
  if (!(rate > 0)) throw new Error('RATE must be a number of checkouts a second, greater than 0');
  if (!(seconds >= 300)) throw new Error('DURATION must be a number of seconds, at least 300');
  return { seed, rate, durationMs: seconds * 1000 };
}

import type { SharedServers } from './servers/servers';

const variable = 'WIDGET_STORE_TEST_SERVERS';

/** Publishes the shared servers to the test files, which may run in other processes. */
export function publishServers(shared: SharedServers): void {
  process.env[variable] = JSON.stringify(shared);
}

export function sharedServers(): SharedServers {
  const published = process.env[variable];
  if (published === undefined)
    throw new Error('only tests in tests/ and tests called *.servers.test.ts may use the shared servers');
  return JSON.parse(published) as SharedServers;
}

/** True in `npm run histories`, which writes the histories of `replay.test.ts` to `tests/histories`. */
export function recordsHistories(): boolean {
  return process.env['RECORD_HISTORIES'] === 'true';
}

export interface ChaosSettings {
  seed: number;
  durationMs: number;
  /** The names of the fault families; undefined for all of them. */
  faults: string[] | undefined;
  /** The folder of an earlier run to judge; undefined to make a new run. */
  judge: string | undefined;
}

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
  if (rate !== undefined && !(rate > 0)) throw new Error('RATE must be a number of checkouts a second');
  if (!(seconds >= 10)) throw new Error('DURATION must be a number of seconds, at least 10');
  return { rate, durationMs: seconds * 1000 };
}

/** Reads the settings of `make soak`. The default is an hour with two checkouts a second. */
export function soakSettings(): { seed: number; rate: number; durationMs: number } {
  const { SEED = '1', RATE = '2', DURATION = '3600' } = process.env;
  const [seed, rate, seconds] = [Number(SEED), Number(RATE), Number(DURATION)];
  if (!Number.isSafeInteger(seed)) throw new Error('SEED must be a whole number');
  if (!(rate > 0)) throw new Error('RATE must be a number of checkouts a second');
  if (!(seconds >= 300)) throw new Error('DURATION must be a number of seconds, at least 300');
  return { seed, rate, durationMs: seconds * 1000 };
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

/** The directory for the documentation's screenshots in `make screenshots`; undefined in any other run. */
export function screenshotsDir(): string | undefined {
  return process.env['SCREENSHOTS'];
}

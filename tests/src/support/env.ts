import type { SharedServers } from './servers/servers';

const variable = 'WIDGET_STORE_TEST_SERVERS';

/** Publishes the shared servers to the test files, which may run in other processes. */
export function publishServers(shared: SharedServers): void {
  process.env[variable] = JSON.stringify(shared);
}

/** The servers that the test files share. */
export function sharedServers(): SharedServers {
  const published = process.env[variable];
  if (published === undefined)
    throw new Error('the shared servers are for tests in tests/ and those called *.servers.test.ts');
  return JSON.parse(published) as SharedServers;
}

/** Whether this run writes the histories that it plays to `tests/histories`, see `npm run histories`. */
export function recordsHistories(): boolean {
  return process.env['RECORD_HISTORIES'] === 'true';
}

/** The settings of `make chaos`. */
export interface ChaosSettings {
  seed: number;
  durationMs: number;
  /** Names of the families of faults, or undefined for all. */
  faults: string[] | undefined;
  /** The folder of an earlier run, to judge that one instead of playing another. */
  judge: string | undefined;
}

/** The settings of `make overload`. */
export interface OverloadSettings {
  /** Checkouts a second that the store can sustain; undefined to measure it. */
  rate: number | undefined;
  /** The duration of the overload. */
  durationMs: number;
}

/** By default the measured rate, and a minute of ten times that rate. */
export function overloadSettings(): OverloadSettings {
  const { RATE, DURATION = '60' } = process.env;
  const [rate, seconds] = [RATE === undefined ? undefined : Number(RATE), Number(DURATION)];
  if (rate !== undefined && !(rate > 0)) throw new Error('RATE is a number of checkouts a second');
  if (!(seconds >= 10)) throw new Error('DURATION is a number of seconds, at least 10');
  return { rate, durationMs: seconds * 1000 };
}

/** The settings of `make soak`: by default an hour of two checkouts a second. */
export function soakSettings(): { seed: number; rate: number; durationMs: number } {
  const { SEED = '1', RATE = '2', DURATION = '3600' } = process.env;
  const [seed, rate, seconds] = [Number(SEED), Number(RATE), Number(DURATION)];
  if (!Number.isSafeInteger(seed)) throw new Error('SEED is a whole number');
  if (!(rate > 0)) throw new Error('RATE is a number of checkouts a second');
  if (!(seconds >= 300)) throw new Error('DURATION is a number of seconds, at least 300');
  return { seed, rate, durationMs: seconds * 1000 };
}

/** By default a minute with seed 1, which is also part of `make test`. */
export function chaosSettings(): ChaosSettings {
  const { SEED = '1', DURATION = '60', FAULTS, JUDGE } = process.env;
  const [seed, seconds] = [Number(SEED), Number(DURATION)];
  if (!Number.isSafeInteger(seed)) throw new Error('SEED is a whole number');
  if (!(seconds >= 10)) throw new Error('DURATION is a number of seconds, at least 10');
  const faults = FAULTS?.split(',').filter((name) => name !== '');
  return { seed, durationMs: seconds * 1000, faults, judge: JUDGE };
}

/** Where `make screenshots` wants the documentation's screenshots; undefined in any other run. */
export function screenshotsDir(): string | undefined {
  return process.env['SCREENSHOTS'];
}

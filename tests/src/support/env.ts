import type { SharedServers } from './servers/servers';

const variable = 'WIDGET_STORE_TEST_SERVERS';

/** Hands what the global setup started to the test files, which may run in other processes. */
export function publishServers(shared: SharedServers): void {
  process.env[variable] = JSON.stringify(shared);
}

/** The servers that this run's test files share. */
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

/** What `make chaos` is told. */
export interface ChaosSettings {
  seed: number;
  durationMs: number;
  /** Names of the families of faults, or undefined for all. */
  faults: string[] | undefined;
  /** The folder of an earlier run, which is judged instead of playing another. */
  judge: string | undefined;
}

/** What `make overload` is told. */
export interface OverloadSettings {
  /** Checkouts a second that the store can sustain; undefined to find out. */
  rate: number | undefined;
  /** Of the overload. */
  durationMs: number;
}

/** The rate that this machine sustains, and a minute of ten times it, unless told otherwise. */
export function overloadSettings(): OverloadSettings {
  const { RATE, DURATION = '60' } = process.env;
  const [rate, seconds] = [RATE === undefined ? undefined : Number(RATE), Number(DURATION)];
  if (rate !== undefined && !(rate > 0)) throw new Error('RATE is a number of checkouts a second');
  if (!(seconds >= 10)) throw new Error('DURATION is a number of seconds, at least 10');
  return { rate, durationMs: seconds * 1000 };
}

/** What `make soak` is told: an hour of two checkouts a second, unless told otherwise. */
export function soakSettings(): { seed: number; rate: number; durationMs: number } {
  const { SEED = '1', RATE = '2', DURATION = '3600' } = process.env;
  const [seed, rate, seconds] = [Number(SEED), Number(RATE), Number(DURATION)];
  if (!Number.isSafeInteger(seed)) throw new Error('SEED is a whole number');
  if (!(rate > 0)) throw new Error('RATE is a number of checkouts a second');
  if (!(seconds >= 300)) throw new Error('DURATION is a number of seconds, at least 300');
  return { seed, rate, durationMs: seconds * 1000 };
}

/** A minute, and always the same one, unless told otherwise: `make test` plays it too. */
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

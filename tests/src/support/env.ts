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

/**
 * True if `queryRaces.test.ts` shall run workflows whose settling steps are local activities, to find out whether the
 * SDK allows it.
 */
export function triesLocalSettling(): boolean {
  return process.env['LOCAL_SETTLING'] === 'true';
}

/** The directory for the documentation's screenshots in `make screenshots`; undefined in any other run. */
export function screenshotsDir(): string | undefined {
  return process.env['SCREENSHOTS'];
}

import type { SharedServers } from './servers';

const variable = 'WIDGET_STORE_TEST_SERVERS';

/** Hands what the global setup started to the test files, which may run in other processes. */
export function publishServers(shared: SharedServers): void {
  process.env[variable] = JSON.stringify(shared);
}

/** The servers that this run's test files share. */
export function sharedServers(): SharedServers {
  const published = process.env[variable];
  if (published === undefined)
    throw new Error('the shared servers are not there: run the tests through the root jest config');
  return JSON.parse(published) as SharedServers;
}

/** Whether this run writes the histories that it plays to `tests/histories`, see `npm run histories`. */
export function recordsHistories(): boolean {
  return process.env['RECORD_HISTORIES'] === 'true';
}

import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';

/** Runs queries on Postgres directly, without the store's own code. */
export type Inspect = <Result>(work: (sql: postgres.Sql) => Promise<Result>) => Promise<Result>;

const deadlineMs = 15_000;

/**
 * Opens a new connection for each call. Faults cut connections, and postgres.js carries state from a cut connection
 * over to the next one (see `db/src/postgres/connection.ts`).
 */
export function inspectorOf(url: string): Inspect {
  return async (work) => {
    // `fetch_types: false` turns off the initial query for array types. An error of that query could not be caught.
    const sql = postgres(url, { max: 1, connect_timeout: 5, fetch_types: false, onnotice: () => {} });
    const silence = new AbortController();
    const late = delay(deadlineMs, undefined, { signal: silence.signal }).then(() => {
      throw new Error(`Postgres did not answer within ${deadlineMs / 1000} s`);
    });
    try {
      return await Promise.race([work(sql), late]);
    } finally {
      silence.abort();
      late.catch(() => {});
      sql.end({ timeout: 1 }).catch(() => {});
    }
  };
}

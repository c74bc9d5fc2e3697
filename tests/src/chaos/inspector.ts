import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';

/** Looks into Postgres past the store. */
export type Inspect = <Result>(work: (sql: postgres.Sql) => Promise<Result>) => Promise<Result>;

const deadlineMs = 15_000;

/**
 * A connection for each look: what postgres.js carries from a lost connection into the next one is not to be trusted (see
 * `db/src/postgres/connection.ts`), and here connections are lost all the time.
 */
export function inspectorOf(url: string): Inspect {
  return async (work) => {
    // Without the look for array types at its beginning, whose failure nobody could catch.
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

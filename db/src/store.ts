import type { Database } from './postgres/database';
import { withDeadline } from './postgres/deadline';
import { ConnectionPool, type PoolOptions } from './postgres/pool';
import * as queries from './queries';

type Query<Args extends unknown[], Result> = (db: Database, ...args: Args) => Promise<Result>;

/** The queries without their first argument: the store lends them a connection. */
type BoundQueries = {
  [Name in keyof typeof queries]: (typeof queries)[Name] extends Query<infer Args, infer Result>
    ? (...args: Args) => Promise<Result>
    : never;
};

/**
 * Everything the store keeps in Postgres. Each writing method is one transaction and is idempotent: a second call changes
 * nothing and returns what the first returned.
 *
 * @throws StoreError from every method, and no other error
 */
export interface Store extends BoundQueries {
  /** Waits up to five seconds for running work, then closes every connection. */
  close(): Promise<void>;
}

/**
 * Opens no connection before the first call, so the database may start later. Each call fails after `deadlineMs`, its wait
 * for a connection included.
 */
export function openStore(options: PoolOptions): Store {
  const pool = new ConnectionPool(options);
  const bind =
    <Args extends unknown[], Result>(query: Query<Args, Result>) =>
    (...args: Args): Promise<Result> =>
      withDeadline(
        pool.run((db) => query(db, ...args)),
        options.deadlineMs,
      );
  const methods = Object.entries<Query<never[], unknown>>(queries).map(([name, query]) => [name, bind(query)]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each name keeps its own query
  return { ...(Object.fromEntries(methods) as BoundQueries), close: () => pool.close() };
}

import { createBulkhead } from './bulkhead';
import type { Database } from './postgres/database';
import { withDeadline } from './postgres/deadline';
import { ConnectionPool, type PoolOptions } from './postgres/pool';
import * as queries from './queries';
import { listProductsOf } from './queries/orders';

type Query<Args extends unknown[], Result> = (db: Database, ...args: Args) => Promise<Result>;

/** The queries without their first argument. The store passes this argument, which is a connection. */
type BoundQueries = {
  [Name in keyof typeof queries]: (typeof queries)[Name] extends Query<infer Args, infer Result>
    ? (...args: Args) => Promise<Result>
    : never;
};

/**
 * Reads and writes everything that is in Postgres. A method writes in one statement, which is a transaction of its own.
 * If another session changes the order at the same time, methods that change refunds or cancel orders try again. Each
 * method that activities call is idempotent.
 *
 * @throws StoreError from every method, and no other error
 */
export interface Store extends BoundQueries {
  /** Waits up to five seconds for running work, then closes every connection. */
  close(): Promise<void>;
}

/**
 * Statements that lock products can occupy at most this share of the pool, but always at least one connection. The
 * other connections are for payments, dispatches and reads.
 */
const lockingShare = 0.6;

/**
 * Opens no connection before the first call, so a process can start before the database. A call fails if it takes
 * longer than `deadlineMs` milliseconds, including its wait for a connection.
 */
export function openStore(options: PoolOptions): Store {
  const { deadlineMs, maxConnections } = options;
  const pool = new ConnectionPool(options);
  const maxRunning = Math.max(1, Math.floor(lockingShare * maxConnections));
  const bulkhead = createBulkhead({ maxRunning, maxWaitMs: deadlineMs });
  const bind =
    <Args extends unknown[], Result>(query: Query<Args, Result>) =>
    (...args: Args): Promise<Result> =>
      withDeadline(
        pool.run((db) => query(db, ...args)),
        deadlineMs,
      );
  /** Binds a query that locks products. */
  const bindLocking = <Input, Result>(
    query: Query<[Input], Result>,
    productsOf: (input: Input) => Promise<number[]>,
  ): ((input: Input) => Promise<Result>) => {
    const run = async (input: Input): Promise<Result> => {
      const productIds = await productsOf(input);
      return bulkhead.run(productIds, () => pool.run((db) => query(db, input)));
    };
    return (input) => withDeadline(run(input), deadlineMs);
  };
  const ofOrder = ({ orderId }: { orderId: string }) => pool.run((db) => listProductsOf(db, orderId));
  const methods = Object.entries<Query<never[], unknown>>(queries).map(([name, query]) => [name, bind(query)]);
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each query keeps its name
    ...(Object.fromEntries(methods) as BoundQueries),
    placeOrder: bindLocking(queries.placeOrder, async ({ lines }) => lines.map(({ productId }) => productId)),
    cancelOrder: bindLocking(queries.cancelOrder, ofOrder),
    cancelPaidOrder: bindLocking(queries.cancelPaidOrder, ofOrder),
    changeProduct: bindLocking(queries.changeProduct, ofProduct),
    adjustStock: bindLocking(queries.adjustStock, ofProduct),
    restock: bindLocking(queries.restock, ofProduct),
    requestRefund: bindLocking(queries.requestRefund, async ({ restock }) => restock.map(({ productId }) => productId)),
    returnItems: bindLocking(queries.returnItems, async ({ lines }) => lines.map(({ productId }) => productId)),
    // This check gets the next free connection, because a busy pool must not look like an unavailable database.
    checkWritable: () => withDeadline(pool.run(queries.checkWritable, { first: true }), deadlineMs),
    close: () => pool.close(),
  };
}

async function ofProduct({ productId }: { productId: number }): Promise<number[]> {
  return [productId];
}

import { randomBytes, randomUUID } from 'node:crypto';
import { openStore } from '@widget-store/db';
import { orderIdFrom } from '@widget-store/contract';
import postgres from 'postgres';
import { closedLoop } from '../load/loops';

const connections = 16;
const productId = 1;

/**
 * Measures the rates of three kinds of commits on 16 connections. Commits of the first kind have no lock in common, so
 * several share one flush of the WAL. Commits of the second kind notify. They wait for each other, because each holds
 * NOTIFY's lock until it is on disk. Commits of the third kind place orders of one product. They wait for each other
 * too, because each holds the lock of the product's row.
 *
 * @param databaseUrl the database of a store that nothing else uses during the measurement
 */
export async function measureCommits(databaseUrl: string, durationMs: number): Promise<Record<string, number>> {
  const sql = postgres(databaseUrl, { max: connections, onnotice: () => {} });
  const store = openStore({
    url: databaseUrl,
    applicationName: 'bench',
    maxConnections: connections,
    deadlineMs: 30_000,
  });
  const rateOf = async (work: () => Promise<unknown>): Promise<number> => {
    // The first calls open every connection and prepare the statement.
    await Promise.all(Array.from({ length: connections }, work));
    return (await closedLoop({ clients: connections, warmUpMs: 0, durationMs }, work)).perSecond;
  };
  try {
    await store.restock({ productId, available: 1_000_000 });
    // `pg_logical_emit_message` makes the smallest commit that must reach the disk.
    return {
      'limits.commitsPerSecond': await rateOf(() => sql`select pg_logical_emit_message(true, 'bench', 'x')`),
      'limits.notifyPerSecond': await rateOf(
        () => sql`select pg_logical_emit_message(true, 'bench', 'x'), pg_notify('bench', 'x')`,
      ),
      'limits.rowPerSecond': await rateOf(() =>
        store.placeOrder({
          idempotencyKey: randomUUID(),
          orderId: orderIdFrom(randomBytes(16).toString('hex')),
          fingerprint: '',
          requestId: randomUUID(),
          lines: [{ productId, quantity: 1 }],
          paymentWindowMs: 900_000,
        }),
      ),
    };
  } finally {
    await Promise.all([sql.end(), store.close()]);
  }
}

/** Returns the average bytes on disk of an order with its lines, movements, events and indexes. */
export async function storedBytesPerOrder(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select (sum(pg_total_relation_size(name)) / (select greatest(1, count(*)) from orders))::float8 as bytes
    from unnest(array['orders', 'order_items', 'stock_movements', 'order_events']::regclass[]) name`;
  return row?.bytes ?? Number.NaN;
}

/** Returns the bytes of WAL that a Postgres server has written for all its databases since it was created. */
export async function walBytes(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 as bytes`;
  return row?.bytes ?? Number.NaN;
}

import { randomBytes } from 'node:crypto';
import { openStore, type Store } from '@widget-store/db';
import { postgresUrl } from '@widget-store/dev';
import postgres from 'postgres';
import { sharedServers } from '../env';

export interface TestDatabase {
  url: string;
  store: Store;
  /** Executes the test's own SQL. */
  sql: postgres.Sql;
  drop(): Promise<void>;
}

/** Creates a database for one test file. It contains the catalogue, with 100 units of each product. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { postgresPort: port, templateDatabase } = sharedServers();
  const database = `test_${randomBytes(6).toString('hex')}`;
  const admin = postgres(postgresUrl({ port, database: 'postgres' }), { max: 1, onnotice: () => {} });
  await admin`create database ${admin(database)} template ${admin(templateDatabase)}`;
  const url = postgresUrl({ port, database });
  const store = openStore({ url, applicationName: 'test', maxConnections: 10, deadlineMs: 10_000 });
  const sql = postgres(url, { max: 2, onnotice: () => {} });
  const drop = async (): Promise<void> => {
    await Promise.all([store.close(), sql.end()]);
    await admin`drop database ${admin(database)} with (force)`;
    await admin.end();
  };
  return { url, store, sql, drop };
}

/** Returns the inventory of a product and the sum of its movements. The two must always be equal. */
export async function stockOf(sql: postgres.Sql, productId = 1): Promise<{ inventory: number; movements: number }> {
  const [row] = await sql<{ inventory: number; movements: number }[]>`
    select inventory::float8, (select coalesce(sum(quantity), 0)::float8 from stock_movements m where m.product_id = p.product_id) as movements
    from products p where product_id = ${productId}`;
  if (row === undefined) throw new Error(`there is no product ${productId}`);
  return row;
}

/** Returns the rows of orders, refunds and stock as one text, so that a test can compare them. */
export async function digestOf(sql: postgres.Sql): Promise<string> {
  const rows = await Promise.all([
    // Dispatches of earlier tests may still change the progress of paid orders, so the second query does not read it.
    sql`select * from orders where status not in ('PAID', 'DISPATCHED') order by order_id`,
    sql`select order_id, payment_status, refunded_minor from orders where status in ('PAID', 'DISPATCHED') order by order_id`,
    sql`select * from refunds order by refund_id`,
    sql`select * from products order by product_id`,
    sql`select * from stock_movements order by movement_id`,
  ]);
  return JSON.stringify(rows);
}

/** Counts the sessions of the database that wait for a lock. */
export async function countBlocked(sql: postgres.Sql): Promise<number> {
  const sessions = await sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return sessions.length;
}

export async function setAvailable(store: Store, available: number, productId = 1): Promise<void> {
  await store.restock({ productId, available });
}

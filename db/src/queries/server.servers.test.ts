import { randomBytes } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@widget-store/tests';
import { getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import * as schema from '../schema';
import { openStore, type Store } from '../store';
import { neededPrivileges } from './server';

describe('the check that the database accepts writes of the store', () => {
  const role = `app_${randomBytes(4).toString('hex')}`;
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    const { sql } = database;
    await sql`create role ${sql(role)} login`;
    await sql`grant select, insert, update on all tables in schema public to ${sql(role)}`;
    await sql`grant execute on all functions in schema public to ${sql(role)}`;
  });
  afterAll(async () => {
    const { sql } = database;
    await sql`drop owned by ${sql(role)}`;
    await sql`drop role ${sql(role)}`;
    await database.drop();
  });

  /** Each check opens a new connection, because an existing connection keeps the old settings of the role. */
  async function check(call: (store: Store) => Promise<void> = (store) => store.checkWritable()): Promise<void> {
    const url = new URL(database.url);
    url.username = role;
    const store = openStore({ url: url.href, applicationName: 'check', maxConnections: 1, deadlineMs: 5000 });
    try {
      await call(store);
    } finally {
      await store.close();
    }
  }

  it('knows every table of the schema', () => {
    const tables = Object.values(schema).filter((value) => is(value, PgTable));
    expect(Object.keys(neededPrivileges).toSorted()).toEqual(tables.map((table) => getTableName(table)).toSorted());
  });

  it('succeeds with the privileges of docs/production.md', async () => {
    await expect(check()).resolves.toBeUndefined();
  });

  it.each([
    ['stock_movements', 'insert'],
    ['orders', 'update'],
    ['comparisons', 'select'],
    ['refunds', 'insert'],
    ['order_items', 'update'],
  ])('fails if the role lacks a privilege on %s (%s)', async (table, privilege) => {
    const { sql } = database;
    await sql`revoke ${sql.unsafe(privilege)} on ${sql(table)} from ${sql(role)}`;
    await expect(check()).rejects.toMatchObject({
      code: 'DatabaseUnavailable',
      message: `The role of the store has no privilege ${privilege.toUpperCase()} on ${table}.`,
    });
    await sql`grant ${sql.unsafe(privilege)} on ${sql(table)} to ${sql(role)}`;
  });

  it('fails if the role is not allowed to delete delivered events', async () => {
    const { sql } = database;
    await sql`revoke execute on function delete_outgoing_events from ${sql(role)}`;
    await expect(check()).rejects.toMatchObject({
      message: 'The role of the store has no privilege EXECUTE on delete_outgoing_events.',
    });
    await sql`grant execute on function delete_outgoing_events to ${sql(role)}`;
  });

  it('fails if the server is read-only, as a standby is', async () => {
    const { sql } = database;
    await sql`alter role ${sql(role)} set default_transaction_read_only = on`;
    const refused = { code: 'DatabaseUnavailable', message: 'The database is a standby, or read-only.' };
    await expect(check()).rejects.toMatchObject(refused);
    // An api process that writes nothing still notices a failover, because the notification of its periodic check
    // fails.
    await expect(check((store) => store.notifyListeners('check'))).rejects.toMatchObject(refused);
    await sql`alter role ${sql(role)} reset default_transaction_read_only`;
  });
});

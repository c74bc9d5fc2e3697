import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresUrl, repositoryRoot } from '@widget-store/dev';
import postgres from 'postgres';
import { readRepositoryFile } from '../support/repositoryFile';
import { sharedServers } from '../support/env';
import { shopperOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';

const run = promisify(execFile);

/** The two database roles of docs/production.md. One owns the tables, and api and worker use the other. */
describe('a store with a limited database role', () => {
  const suffix = randomBytes(4).toString('hex');
  const database = `store_${suffix}`;
  const [owner, app] = [`store_owner_${suffix}`, `store_app_${suffix}`];
  const { postgresPort: port } = sharedServers();
  const urlOf = (role: string): string => {
    const url = new URL(postgresUrl({ port, database }));
    url.username = role;
    url.password = 'secret';
    return url.href;
  };
  const admin = (of: string) => postgres(postgresUrl({ port, database: of }), { max: 1, onnotice: () => {} });
  let store: TestStore;

  beforeAll(async () => {
    const [server = '', inDatabase = ''] = documentedSql()
      .replaceAll(/<\w+ password>/g, 'secret')
      .replaceAll('store_owner', owner)
      .replaceAll('store_app', app)
      .replaceAll(/\bdatabase store\b/g, `database ${database}`)
      .split('\\connect store\n');
    const postgresDatabase = admin('postgres');
    for (const statement of statementsOf(server)) await postgresDatabase.unsafe(statement);
    await postgresDatabase.end();
    const storeDatabase = admin(database);
    for (const statement of statementsOf(inDatabase)) await storeDatabase.unsafe(statement);
    await storeDatabase.end();

    for (const program of ['migrate', 'seed'])
      await run(process.execPath, [join(repositoryRoot, `db/dist/${program}.js`)], {
        env: { DATABASE_URL: urlOf(owner) },
      });
    const limited = { DATABASE_URL: urlOf(app) };
    store = await startTestStore({ extraEnvironment: { api: limited, worker: limited } });
  });

  afterAll(async () => {
    await store?.close();
    const sql = admin('postgres');
    await sql`drop database if exists ${sql(database)} with (force)`;
    await sql`drop role if exists ${sql(owner)}, ${sql(app)}`;
    await sql.end();
  });

  it('sells, cancels, refunds and shows the changes of an order', async () => {
    const shopper = shopperOf(store.apiUrl);
    const { text: orderId } = await shopper.webhook(await shopper.reserve(), 'paid');
    expect((await shopper.send('POST', `/order/${orderId}/cancel`)).status).toBe(200);
    expect((await shopper.order(orderId)).status).toBe('CANCELLED');
    const operations = await shopper.send('GET', `/ops/orders/${orderId}`);
    expect(operations.text).toMatch(/"source":"order","title":"[^"]*PAID/);
    expect((await shopper.send('POST', '/restock')).status).toBe(200);
  });

  it.each(['delete from orders', 'drop table orders', 'alter table products drop column name', 'create table mine ()'])(
    'cannot %s',
    async (statement) => {
      const sql = postgres(urlOf(app), { max: 1, onnotice: () => {} });
      await expect(sql.unsafe(statement)).rejects.toThrow(/permission denied|must be owner/);
      await sql.end();
    },
  );
});

function documentedSql(): string {
  const sql = /```sql\n([^`]*create role[^`]*)```/.exec(readRepositoryFile('docs/production.md'))?.[1];
  if (sql === undefined) throw new Error('docs/production.md does not contain the SQL to create the roles');
  return sql;
}

function statementsOf(sql: string): string[] {
  return sql
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

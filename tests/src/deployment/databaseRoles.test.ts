import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresUrl, repositoryRoot } from '@widget-store/dev';
import postgres from 'postgres';
import { readRepositoryFile } from '../support/repositoryFile';
import { sharedServers } from '../support/env';
import { eventually } from '../support/eventually';
import { newKey, problemOf, shopperOf } from '../support/http/shopper';
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

  it('sells, cancels a paid order, shows its changes and restocks', async () => {
    const shopper = shopperOf(store.apiUrl);
    const { text: orderId } = await shopper.webhook(await shopper.reserve(), 'paid');
    expect((await shopper.send('POST', `/order/${orderId}/cancel`)).status).toBe(200);
    expect((await shopper.order(orderId)).status).toBe('CANCELLED');
    const operations = await shopper.send('GET', `/ops/orders/${orderId}`);
    expect(operations.text).toMatch(/"source":"order","title":"[^"]*paid/);
    expect((await shopper.send('POST', '/restock')).status).toBe(200);
  });

  it('reports a privilege that the role lacks, and recovers without a restart', async () => {
    const shopper = shopperOf(store.apiUrl);
    const sql = admin(database);
    const ready = (url: string) => async () => (await fetch(`${url}/readyz`)).json() as Promise<unknown>;
    const key = newKey();
    await sql`revoke insert on stock_movements from ${sql(app)}`;
    const answer = await shopper.checkout(key);
    expect([answer.status, problemOf(answer).code]).toEqual([503, 'postgres_unavailable']);
    for (const url of [store.apiUrl, store.workerUrl]) {
      expect(await ready(url)()).toEqual({ ready: false, missing: ['postgres'] });
    }
    const lines = store.lines.join('\n');
    expect(lines).toContain('The role of the store has no privilege INSERT on stock_movements.');
    expect(lines).toContain('(42501, permission denied for table stock_movements)');
    expect(lines).not.toMatch(/insert into|Failed query/);
    await sql`grant insert on stock_movements to ${sql(app)}`;
    await eventually(
      () => shopper.checkout(key),
      ({ status }) => status === 200,
    );
    await eventually(ready(store.workerUrl), (body) => JSON.stringify(body) === '{"ready":true,"missing":[]}');
    await sql.end();
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

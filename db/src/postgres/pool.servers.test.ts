import {
  createTestDatabase,
  eventually,
  type PostgresProxy,
  startPostgresProxy,
  type TestDatabase,
} from '@widget-store/tests';
import { failureTypes } from '@widget-store/contract';
import { sql } from 'drizzle-orm';
import { StoreError } from '../errors';
import { ConnectionPool } from './pool';

const deadlineMs = 1000;

const answers = (pool: ConnectionPool): Promise<boolean> =>
  pool.run((db) => db.execute(sql`select 1`)).then(() => true);
const sleep = (pool: ConnectionPool, seconds: number): Promise<unknown> =>
  pool.run((db) => db.execute(sql`select pg_sleep(${seconds})`));
const backendOf = (pool: ConnectionPool): Promise<unknown> =>
  pool.run(async (db) => (await db.execute(sql`select pg_backend_pid() as pid`))[0]?.['pid']);

describe('the connection pool', () => {
  let database: TestDatabase;
  let pool: ConnectionPool;

  const openedByPool = (condition = 'true'): Promise<readonly unknown[]> => database.sql`
    select 1 from pg_stat_activity
    where datname = current_database() and application_name = 'pool' and ${database.sql.unsafe(condition)}`;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(() => {
    pool = new ConnectionPool({ url: database.url, applicationName: 'pool', maxConnections: 1, deadlineMs });
  });
  afterEach(() => pool.close());

  it('keeps using its prepared statements after a migration has invalidated their plans', async () => {
    await database.sql`create table changing (id text, amount int)`;
    const read = () =>
      pool.run((db) => db.execute(sql`select amount from changing where id = any(${sql.param(['a'])}::text[])`));
    await read();
    const backend = await backendOf(pool);
    await database.sql`alter table changing alter column amount type bigint`;
    expect(await read()).toHaveLength(0);
    expect(await backendOf(pool)).toBe(backend);
  });

  it('queues work for a connection, and does not start it after its caller has given up', async () => {
    const started: number[] = [];
    const results = await Promise.allSettled([
      sleep(pool, 0.6),
      sleep(pool, 0.6),
      pool.run(async () => void started.push(3)),
    ]);
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: failureTypes.databaseUnavailable } },
    ]);
    expect(started).toEqual([]);
  });

  it('serves urgent work before the work that waits for a connection', async () => {
    const order: string[] = [];
    const note = (name: string) => async () => void order.push(name);
    await Promise.all([sleep(pool, 0.1), pool.run(note('waiting')), pool.run(note('urgent'), { first: true })]);
    expect(order).toEqual(['urgent', 'waiting']);
  });

  it('keeps a connection after a StoreError, and replaces it after an unexpected error', async () => {
    const first = await backendOf(pool);
    const storeError = new StoreError(failureTypes.orderNotFound, 'There is no such order.');
    await expect(pool.run(() => Promise.reject(storeError))).rejects.toBe(storeError);
    expect(await backendOf(pool)).toBe(first);
    await expect(pool.run((db) => db.execute(sql`select 1 / 0`))).rejects.toMatchObject({ cause: { code: '22012' } });
    expect(await backendOf(pool)).not.toBe(first);
  });

  it('works with fewer connections if the server refuses more', async () => {
    const role = `limited_${database.url.slice(-12)}`;
    await database.sql`create role ${database.sql(role)} login connection limit 1`;
    const url = new URL(database.url);
    url.username = role;
    const limited = new ConnectionPool({ url: url.href, applicationName: 'pool', maxConnections: 5, deadlineMs: 5000 });
    await answers(limited);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => answers(limited)));
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    const second = new ConnectionPool({ url: url.href, applicationName: 'pool', maxConnections: 5, deadlineMs: 5000 });
    await expect(answers(second)).rejects.toMatchObject({ cause: { code: '53300' } });
    await limited.close();
    expect(await eventually(() => answers(second), Boolean)).toBe(true);
    await second.close();
    await database.sql`drop role ${database.sql(role)}`;
  });

  it('replaces all of its connections when the server has become read-only', async () => {
    const name = database.sql(new URL(database.url).pathname.slice(1));
    const options = { url: database.url, applicationName: 'pool', maxConnections: 2, deadlineMs: 5000 };
    const moved = new ConnectionPool(options);
    const backends = () => Promise.all([backendOf(moved), sleep(moved, 0.1), backendOf(moved)]);
    await database.sql`alter database ${name} set default_transaction_read_only to on`;
    const [first, , second] = await backends();
    // From now on, new connections reach a server that accepts writes, as after a failover.
    await database.sql`alter database ${name} reset default_transaction_read_only`;
    const write = () => moved.run((db) => db.execute(sql`create table moved ()`));
    await expect(write()).rejects.toMatchObject({ cause: { code: '25006' } });
    const now = await backends();
    expect([now.includes(first), now.includes(second)]).toEqual([false, false]);
    await write();
    await moved.close();
  });

  it('closes unused connections', async () => {
    await answers(pool);
    expect(await openedByPool()).toHaveLength(1);
    await eventually(openedByPool, (open) => open.length === 0);
    expect(await answers(pool)).toBe(true);
  });

  it('waits for running work when it is closed, and accepts no new work', async () => {
    await answers(pool);
    const running = sleep(pool, 0.3);
    const closing = pool.close();
    await expect(answers(pool)).rejects.toMatchObject({ code: failureTypes.databaseUnavailable });
    await closing;
    await expect(running).resolves.toBeDefined();
    await eventually(openedByPool, (open) => open.length === 0);
  });

  describe.each([{ tls: false }, { tls: true }])('behind a failing network, TLS $tls', ({ tls }) => {
    let proxy: PostgresProxy;
    let proxied: ConnectionPool;

    beforeAll(async () => {
      proxy = await startPostgresProxy(database.url, { tls });
    });
    afterAll(() => proxy.close());
    beforeEach(() => {
      proxied = new ConnectionPool({ url: proxy.url, applicationName: 'pool', maxConnections: 2, deadlineMs });
    });
    afterEach(() => proxied.close());

    it('replaces connections that no longer answer', async () => {
      await Promise.all([answers(proxied), answers(proxied), answers(proxied)]);
      proxy.swallow();
      await expect(answers(proxied)).rejects.toThrow('The connection to Postgres was lost.');
      expect(await eventually(() => answers(proxied), Boolean)).toBe(true);
    });

    it.each(['reset', 'end'] as const)('rejects work at once when its connection is cut (%s)', async (how) => {
      const sleeping = proxied.run((db) => db.execute(sql.raw(`select pg_sleep(0.4) as until_${how}`)));
      const cutting = eventually(
        () => openedByPool(`query like '%until_${how}'`),
        (found) => found.length === 1,
      ).then(() => proxy.cut(how));
      await expect(sleeping).rejects.toMatchObject({
        cause: { code: expect.stringMatching(/^(CONNECTION_CLOSED|ECONNRESET)$/) as string },
      });
      await cutting;
      expect(await answers(proxied)).toBe(true);
    });

    it('settles each statement, and never reports an unsent statement as done', async () => {
      await database.sql`create table written (number int primary key)`;
      const answered: number[] = [];
      for (let number = 0; number < 10; number++) {
        await eventually(() => Promise.all([answers(proxied), answers(proxied)]), Boolean);
        const sleeping = proxied.run((db) => db.execute(sql.raw(`select pg_sleep(0.4) as round_${number}`)));
        const inserting = sleeping.catch(async () => {
          // `proxy.cut` has reset both connections of the pool. The driver may not have noticed yet that the second
          // one, which this insert uses, is gone.
          await proxied.run((db) => db.execute(sql`insert into written values (${number})`));
          answered.push(number);
        });
        await eventually(
          () => openedByPool(`query like '%round_${number}'`),
          (found) => found.length === 1,
        );
        proxy.cut('reset');
        await Promise.allSettled([inserting]);
      }
      const found = await database.sql<{ number: number }[]>`select number from written`;
      const written = new Set(found.map((row) => row.number));
      expect(answered.filter((number) => !written.has(number))).toEqual([]);
      await database.sql`drop table written`;
    });
  });
});

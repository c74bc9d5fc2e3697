import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createTestDatabase, stockOf, type TestDatabase } from '../support/store/database';
import { eventually } from '../support/eventually';
import { startPostgresProxy } from '../support/network/postgresProxy';

interface LoadReport {
  placed: { idempotencyKey: string; orderId: string }[];
  failed: number;
  wrong: string[];
  longestMs: number;
  answersAfterwards: boolean;
}

const deadlineMs = 3000;
const cutsEach = 125;
/** More bytes than a handshake and a few responses, so that a cut can happen in any of them. */
const longestAnswerBytes = 4000;

/** Starts the load of `databaseLoad.js`. `stop` ends the load, and throws if the load ended with an error. */
function startLoad(url: string) {
  const child = spawn(process.execPath, [join(__dirname, '../../programs/databaseLoad.js'), url], { env: {} });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin.on('error', () => {});
  const gone = once(child, 'close');
  return {
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: async (): Promise<LoadReport> => {
      child.stdin.end();
      const [code] = (await gone) as [number | null];
      if (code !== 0) throw new Error(`the load ended with status ${code}: ${errors}`);
      return JSON.parse(output) as LoadReport;
    },
  };
}

describe.each([{ tls: false }, { tls: true }])('hundreds of connections cut under load, TLS $tls', ({ tls }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('end no process, and every order that was reported as placed exists', async () => {
    await database.store.restock({ productId: 2, available: 1_000_000 });
    // With TLS, `proxy` carries the encrypted bytes, so its cuts can also hit the TLS handshake.
    const server = await startPostgresProxy(database.url, { tls });
    const proxy = await startPostgresProxy(server.url);
    const load = startLoad(proxy.url);
    const until = (reached: () => boolean): Promise<boolean> =>
      eventually(() => load.hasEnded() || reached(), Boolean, { deadlineMs: 60_000 });

    proxy.cutEachAfter(() => Math.random() * longestAnswerBytes);
    await until(() => proxy.cuts >= cutsEach);
    proxy.heal();
    let terminated = 0;
    // Between two of these queries, the load opens new connections.
    await eventually(
      async () => {
        const cut = await database.sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = 'load' and random() < 0.5`;
        terminated += cut.length;
        return terminated >= cutsEach || load.hasEnded();
      },
      Boolean,
      { deadlineMs: 60_000 },
    );
    const { placed, failed, wrong, longestMs, answersAfterwards } = await load.stop();
    proxy.close();
    server.close();

    expect(wrong).toEqual([]);
    expect(answersAfterwards).toBe(true);
    expect(failed).toBeGreaterThan(0);
    expect(longestMs).toBeLessThan(3 * deadlineMs);
    const orders = await database.sql<LoadReport['placed']>`
      select orders.idempotency_key as "idempotencyKey", order_id as "orderId" from orders
      join stock_movements using (order_id) where kind = 'hold'`;
    const orderIds = new Map(orders.map(({ idempotencyKey, orderId }) => [idempotencyKey, orderId]));
    expect(placed.filter(({ idempotencyKey, orderId }) => orderIds.get(idempotencyKey) !== orderId)).toEqual([]);
    expect(orderIds.size).toBe(orders.length);
    const { inventory, movements } = await stockOf(database.sql, 2);
    expect(inventory).toBe(movements);
  });
});

import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { createTestDatabase, type TestDatabase } from '@widget-store/tests';
import { openStore } from './store';

/** Stands between the store and Postgres, and can swallow what passes on the connections that are open. */
async function startProxy(target: { host: string; port: number }) {
  const pairs: Socket[][] = [];
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    pairs.push([client, upstream]);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    swallow: () => {
      for (const [client, upstream] of pairs) {
        client?.unpipe();
        upstream?.unpipe();
        client?.resume();
        upstream?.resume();
      }
    },
    close: () => {
      for (const socket of pairs.flat()) socket.destroy();
      server.close();
    },
  };
}

describe('the connection pool', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('replaces connections that have fallen silent', async () => {
    const url = new URL(database.url);
    const proxy = await startProxy({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    const store = openStore({ url: url.href, applicationName: 'test', maxConnections: 2, deadlineMs: 500 });
    await Promise.all([store.ping(), store.ping(), store.ping()]);

    proxy.swallow();
    const started = Date.now();
    await expect(store.ping()).rejects.toMatchObject({ code: 'DatabaseUnavailable' });
    let works = false;
    while (!works && Date.now() - started < 20_000) {
      works = await store.ping().then(
        () => true,
        () => false,
      );
    }
    expect(works).toBe(true);
    await store.close();
    proxy.close();
  });
});

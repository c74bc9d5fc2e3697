import { join } from 'node:path';
import {
  freePorts,
  inheritedEnvironment,
  repositoryRoot,
  startStore,
  supervise,
  type SupervisedProcess,
} from '@widget-store/dev';
import postgres from 'postgres';
import type { Contestant, ContestantName, OwnStore } from './contestant';
import { openShop } from './load/shop';
import { countOpenRuns, type PostgresServer, started, type TemporalServer } from './servers';

interface OwnStoreOptions {
  postgres: PostgresServer;
  temporal: TemporalServer;
  directory: string;
  /** The number of additional api and worker processes. */
  replicas?: number;
}

export async function startOwnStore(
  name: ContestantName,
  { postgres: server, temporal, directory, replicas = 0 }: OwnStoreOptions,
): Promise<OwnStore> {
  const databaseUrl = await server.database(name.replaceAll('-', '_'));
  const store = await startStore({
    dataDir: join(directory, name),
    ports: await freePorts('api', 'worker', 'postgres', 'temporal', 'gateway'),
    environment: { ...inheritedEnvironment(), RATE_LIMIT_PER_MINUTE: '1000000' },
    databaseUrl,
    temporalAddress: temporal.address,
    taskQueue: name,
    demo: true,
  });
  const urls = [store.apiUrl];
  const apis = [store.processes.api];
  const workers = [store.processes.worker];
  for (let replica = 2; replica <= replicas + 1; replica++) {
    const ports = await freePorts('api', 'worker');
    workers.push(await store.startReplica('worker', { name: `worker ${replica}`, port: ports.worker }));
    apis.push(await store.startReplica('api', { name: `api ${replica}`, port: ports.api }));
    urls.push(`http://127.0.0.1:${ports.api}`);
  }
  const shop = openShop(urls);
  const database = openDatabase(databaseUrl);
  return {
    name,
    shop,
    store,
    ...database,
    processes: () => ({
      api: pidsOf(apis),
      worker: pidsOf(workers),
      temporal: pidsOf([temporal.process]),
      postgres: pidsOf([server.process]),
    }),
    endPrograms: (signal) => [...apis, ...workers].forEach((one) => one.kill(signal)),
    stop: async () => {
      shop.close();
      await database.sql.end();
      await store.stop();
    },
  };
}

interface Programs {
  /** Paths of the programs, relative to the root of the repository. */
  api: string;
  worker?: string;
  environment: Record<string, string>;
  postgres: PostgresServer;
  temporal?: TemporalServer;
}

/**
 * Starts a contestant that is not our store. Its programs listen on `PORT` and answer `GET /healthz` when they are
 * ready.
 */
export async function startOther(
  name: ContestantName,
  { api, worker, environment, postgres: server, temporal }: Programs,
): Promise<Contestant> {
  const ports = await freePorts('api', 'worker');
  const run = (program: string, port: number): Promise<SupervisedProcess> =>
    started(
      supervise({
        name: `${name} ${program}`,
        command: process.execPath,
        args: [join(repositoryRoot, program)],
        env: {
          ...inheritedEnvironment(),
          NODE_ENV: 'production',
          PORT: String(port),
          API_PORT: String(ports.api),
          ...environment,
        },
        isReady: () => answersOk(`http://127.0.0.1:${port}/healthz`),
      }),
    );
  const workers = worker === undefined ? [] : [await run(worker, ports.worker)];
  const apis = [await run(api, ports.api)];
  const { DATABASE_URL: url } = environment;
  const database = url === undefined ? undefined : openDatabase(url);
  const shop = openShop([`http://127.0.0.1:${ports.api}`]);
  return {
    name,
    shop,
    restock: async (available) => database?.restock(available),
    countDispatching: async () =>
      database?.countDispatching() ?? (temporal === undefined ? 0 : countOpenRuns(temporal, name)),
    processes: () => ({
      api: pidsOf(apis),
      ...(workers.length > 0 && { worker: pidsOf(workers) }),
      ...(temporal && { temporal: pidsOf([temporal.process]) }),
      postgres: pidsOf([server.process]),
    }),
    endPrograms: (signal) => [...apis, ...workers].forEach((one) => one.kill(signal)),
    stop: async () => {
      shop.close();
      await database?.sql.end();
      await Promise.all([...apis, ...workers].map((one) => one.stop()));
    },
  };
}

/** Opens a contestant's database for work that its api does not offer. */
function openDatabase(url: string) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  return {
    sql,
    // The statement also records a movement, because our reconciler compares inventory with movements.
    restock: async (available: number): Promise<void> => {
      await sql`
        with before as (
          select product_id, ${available}::int - inventory as missing from products where product_id = 1 for update
        ), changed as (
          update products set inventory = ${available}::int from before where products.product_id = before.product_id
        )
        insert into stock_movements (product_id, kind, quantity)
        select product_id, 'restock', missing from before where missing <> 0`;
    },
    countDispatching: async (): Promise<number> => {
      const [row] = await sql<{ count: number }[]>`select count(*)::int as count from orders where status = 'PAID'`;
      return row?.count ?? 0;
    },
  };
}

function pidsOf(processes: SupervisedProcess[]): number[] {
  return processes.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
}

async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.body?.cancel();
  return response.ok;
}

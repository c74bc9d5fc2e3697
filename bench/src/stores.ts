import { join } from 'node:path';
import {
  freePorts,
  inheritedEnvironment,
  repositoryRoot,
  startStore,
  type StartedStore,
  supervise,
  type SupervisedProcess,
} from '@widget-store/dev';
import { openStore } from '@widget-store/db';
import postgres from 'postgres';
import type { Contestant, ContestantName } from './contestant';
import { openShop } from './load/shop';
import type { PostgresServer, TemporalServer } from './servers';
import { countOpenRuns, started } from './servers';

/** A contestant, and how it ends. */
export interface Running extends Contestant {
  stop(): Promise<void>;
}

/** This store, as `make dev` or a production runs it. */
export interface RunningStore extends Running {
  store: StartedStore;
  sql: postgres.Sql;
}

interface StoreServers {
  postgres: PostgresServer;
  temporal: TemporalServer;
  directory: string;
}

/**
 * Starts api, worker and gateway of this store.
 *
 * @param replicas how many more of api and of worker
 */
export async function startOurs(
  name: ContestantName,
  { postgres: server, temporal, directory }: StoreServers,
  { replicas = 0 }: { replicas?: number } = {},
): Promise<RunningStore> {
  const databaseUrl = await server.database(databaseName(name));
  const store = await startStore({
    dataDir: join(directory, name),
    ports: await freePorts('api', 'worker', 'postgres', 'temporal', 'gateway'),
    environment: { ...inheritedEnvironment(), RATE_LIMIT_PER_MINUTE: '1000000' },
    databaseUrl,
    temporalAddress: temporal.address,
    taskQueue: name,
    demo: true,
    nodeEnv: 'production',
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
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  const db = openStore({ url: databaseUrl, applicationName: 'bench', maxConnections: 1, deadlineMs: 30_000 });
  const shop = openShop(urls);
  return {
    name,
    shop,
    store,
    sql,
    processes: () => ({
      api: pidsOf(apis),
      worker: pidsOf(workers),
      temporal: pidsOf([temporal.process]),
      postgres: pidsOf([server.process]),
    }),
    stock: async (available) => {
      await db.restock({ productId: 1, available });
    },
    countDispatching: async () => {
      const [row] = await sql<{ count: number }[]>`select count(*)::int as count from orders where status = 'PAID'`;
      return row?.count ?? 0;
    },
    stop: async () => {
      shop.close();
      await Promise.all([sql.end(), db.close()]);
      await store.stop();
    },
  };
}

/** A program that is a store by itself, or the api of one. */
interface Programs {
  /** Relative to the root of the repository. */
  api: string;
  worker?: string;
  environment: Record<string, string>;
}

/**
 * Starts another contestant: an api and perhaps a worker, that listen on `PORT` and say at `/healthz` when they are ready.
 *
 * @param servers that it uses, whose CPU is its own while it is asked
 */
export async function startOther(
  name: ContestantName,
  { api, worker, environment }: Programs,
  { postgres: server, temporal }: Pick<StoreServers, 'postgres'> & { temporal?: TemporalServer },
): Promise<Running> {
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
  const url = environment['DATABASE_URL'];
  const sql = url === undefined ? undefined : postgres(url, { max: 1, onnotice: () => {} });
  const shop = openShop([`http://127.0.0.1:${ports.api}`]);
  return {
    name,
    shop,
    processes: () => ({
      api: pidsOf(apis),
      ...(workers.length > 0 && { worker: pidsOf(workers) }),
      ...(temporal && { temporal: pidsOf([temporal.process]) }),
      postgres: pidsOf([server.process]),
    }),
    stock: async (available) => {
      if (sql !== undefined) await sql`update products set inventory = ${available}`;
    },
    countDispatching: async () => {
      if (sql === undefined) return temporal === undefined ? 0 : countOpenRuns(temporal, name);
      const [row] = await sql<{ count: number }[]>`select count(*)::int as count from orders where status = 'PAID'`;
      return row?.count ?? 0;
    },
    stop: async () => {
      shop.close();
      await sql?.end();
      await Promise.all([...apis, ...workers].map((one) => one.stop()));
    },
  };
}

function databaseName(name: ContestantName): string {
  return name.replaceAll('-', '_');
}

function pidsOf(processes: SupervisedProcess[]): number[] {
  return processes.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
}

async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.body?.cancel();
  return response.ok;
}

import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type Store } from '@widget-store/db';
import {
  freePorts,
  inheritedEnvironment,
  postgresUrl,
  repositoryRoot,
  startStore,
  type StartedStore,
  type SupervisedProcess,
  temporaryDirectory,
} from '@widget-store/dev';
import type { EventReceiver } from '../support/http/eventReceiver';
import type { Random } from '../support/random';
import { recordTicks } from '../support/store/ticks';
import { plentifulProductIds } from './plan';
import { type Inspect, inspectorOf } from './inspector';
import type { LoadOptions } from './load';
import { type Edge, type Proxies, startProxies } from './proxies';
import { moveToSmallDisk, type SmallDisk } from './smallDisk';
import { startUnreliableReceiver } from './unreliableReceiver';
import { demoSeed } from '../support/servers/demoProducts';

export type MemberName = 'api-1' | 'api-2' | 'worker-1' | 'worker-2' | 'temporal' | 'postgres' | 'gateway';
export const serviceNames = ['api-1', 'api-2', 'worker-1', 'worker-2'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** A store with two apis, two workers and its own servers. Proxies carry the connections between these processes. */
export interface Stage {
  store: StartedStore;
  /** The database, through a direct connection. */
  db: Store;
  inspect: Inspect;
  members: Record<MemberName, SupervisedProcess>;
  apiUrls: string[];
  metricsUrls: Record<ServiceName, string>;
  edges: Edge[];
  /** Undefined if proxies are impossible on this machine. In this case, `notDone` contains the reason. */
  proxies: Proxies | undefined;
  disk: SmallDisk | undefined;
  /** A file in this directory makes `tests/programs/testWorker.js` crash after the activity with the file's name. */
  crashDir: string;
  /** Returns the path of the file from which `tests/programs/clockShim.js` reads the shift of a process's clock. */
  clockFileOf(member: string): string;
  shop: LoadOptions['shop'];
  /** The receiver of the outgoing events. */
  receiver: EventReceiver | undefined;
  taskQueue: string;
  /** The fault families that are impossible on this machine, each with the reason. */
  notDone: Record<string, string>;
  close(): Promise<void>;
}

export interface StageOptions {
  paymentWindowMs: number;
  logFile: string;
  /** Decides how the receiver of events answers. Undefined for a store without outgoing events. */
  random?: Random;
}

const portNames = [
  'api',
  'api2',
  'metrics',
  'metrics2',
  'worker',
  'worker2',
  'postgres',
  'temporal',
  'gateway',
  'toxiproxy',
] as const;
const taskQueue = 'chaos';
const programs = join(repositoryRoot, 'tests', 'programs');
const plenty = 100_000;

export async function openStage({ paymentWindowMs, logFile, random }: StageOptions): Promise<Stage> {
  const directory = await temporaryDirectory();
  const adminToken = randomBytes(24).toString('hex');
  const crashDir = join(directory.path, 'crash');
  const clockDir = join(directory.path, 'clock');
  for (const made of [crashDir, clockDir]) mkdirSync(made);
  const clockFileOf = (member: string): string => join(clockDir, member);
  const notDone: Record<string, string> = {};
  const onLine = (name: string, line: string): void =>
    appendFileSync(logFile, `${new Date().toISOString()} ${name} | ${line}\n`);

  const events = random && (await startUnreliableReceiver(directory.path, random));
  const ports = await freePorts(...portNames);
  const edges = await edgesOf(ports);
  const proxies = await startProxies({ port: ports.toxiproxy, edges, onLine: (line) => onLine('proxy', line) }).catch(
    (error: Error) => {
      notDone['network'] = error.message;
      return undefined;
    },
  );
  const environmentOf = (member: string) => ({
    ...(proxies === undefined ? {} : throughProxies(member, edges)),
    ADMIN_TOKEN: adminToken,
    RATE_LIMIT_PER_MINUTE: '1000000',
    // The reconciler must find and repair everything within a minute after the load (`quietMs` in `run.ts`).
    RECONCILE_EVERY_MS: '5000',
    RECONCILE_GRACE_MS: '10000',
    COLLECT_ADDRESS: 'DE,GB,US',
    PUBLIC_URL: `http://127.0.0.1:${ports.api}`,
    NODE_OPTIONS: `--require ${join(programs, 'clockShim.js')}`,
    CHAOS_CLOCK_FILE: clockFileOf(member),
    TEST_CRASH_DIR: crashDir,
  });
  const store = await startStore({
    dataDir: join(directory.path, 'data'),
    ports,
    environment: { ...inheritedEnvironment(), ...demoSeed.environment },
    taskQueue,
    demo: false,
    throwaway: true,
    paymentWindowMs,
    programs: { seed: demoSeed.program, worker: join(programs, 'testWorker.js') },
    extraEnvironment: {
      api: { ...environmentOf('api-1'), METRICS_PORT: String(ports.metrics) },
      worker: { ...environmentOf('worker-1'), ...events?.environment },
      gateway: environmentOf('gateway'),
    },
    onLine,
  });
  const [api2, worker2] = await Promise.all([
    store.startReplica('api', {
      name: 'api-2',
      port: ports.api2,
      extraEnvironment: { ...environmentOf('api-2'), METRICS_PORT: String(ports.metrics2) },
    }),
    store.startReplica('worker', {
      name: 'worker-2',
      port: ports.worker2,
      // An order gets the fulfilment of the worker that places it. Only this worker has manual fulfilment.
      extraEnvironment: { ...environmentOf('worker-2'), ...events?.environment, FULFILMENT: 'manual' },
    }),
  ]);
  const { api, worker, gateway, temporal, postgres: database } = store.processes;
  if (temporal === undefined || database === undefined) throw new Error('the stage must have its own servers');
  const disk = await moveToSmallDisk({
    postgres: database,
    dataDir: join(directory.path, 'data', 'postgres'),
  }).catch((error: Error) => {
    notDone['disk'] = error.message;
    return undefined;
  });
  const db = openStore({ url: store.databaseUrl, applicationName: 'chaos', maxConnections: 2, deadlineMs: 10_000 });
  const inspect = inspectorOf(store.databaseUrl);
  await inspect(recordTicks);
  for (const productId of plentifulProductIds) await db.restock({ productId, available: plenty });
  return {
    store,
    db,
    inspect,
    members: {
      'api-1': api,
      'api-2': api2,
      'worker-1': worker,
      'worker-2': worker2,
      temporal,
      postgres: database,
      gateway,
    },
    apiUrls: [store.apiUrl, `http://127.0.0.1:${ports.api2}`],
    metricsUrls: {
      'api-1': `http://127.0.0.1:${ports.metrics}`,
      'api-2': `http://127.0.0.1:${ports.metrics2}`,
      'worker-1': `http://127.0.0.1:${ports.worker}`,
      'worker-2': `http://127.0.0.1:${ports.worker2}`,
    },
    edges,
    proxies,
    disk,
    crashDir,
    clockFileOf,
    shop: {
      gatewayUrl: store.gatewayUrl,
      gatewayApiKey: store.gatewayApiKey,
      webhookSecret: store.webhookSecret,
      adminToken,
    },
    receiver: events?.receiver,
    taskQueue,
    notDone,
    close: async () => {
      await db.close();
      await store.stop();
      await events?.receiver.close();
      await proxies?.stop();
      await disk?.unmount();
      await directory.remove();
    },
  };
}

type Ports = Record<(typeof portNames)[number], number>;

async function edgesOf(ports: Ports): Promise<Edge[]> {
  const ways = [
    ...serviceNames.flatMap((name) => [
      { name: `${name}-postgres`, upstreamPort: ports.postgres, speaks: 'postgres' as const },
      { name: `${name}-temporal`, upstreamPort: ports.temporal, speaks: 'temporal' as const },
    ]),
    ...(['worker-1', 'worker-2'] as const).map((name) => ({
      name: `${name}-gateway`,
      upstreamPort: ports.gateway,
      speaks: 'http' as const,
    })),
    { name: 'gateway-api', upstreamPort: ports.api, speaks: 'http' as const },
  ];
  const listen: Record<string, number> = await freePorts(...ways.map(({ name }) => name));
  return ways.map((way) => ({ ...way, port: listen[way.name] as number }));
}

function throughProxies(member: string, edges: Edge[]): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const { name, port } of edges) {
    if (name === `${member}-postgres`) environment['DATABASE_URL'] = postgresUrl({ port, database: 'widget_store' });
    if (name === `${member}-temporal`) environment['TEMPORAL_ADDRESS'] = `127.0.0.1:${port}`;
    if (name === `${member}-gateway`) environment['GATEWAY_URL'] = `http://127.0.0.1:${port}`;
    if (name === `${member}-api`) environment['WEBHOOK_URL'] = `http://127.0.0.1:${port}`;
  }
  return environment;
}

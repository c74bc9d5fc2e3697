import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  freePorts,
  inheritedEnvironment,
  repositoryRoot,
  startStore,
  type StartedStore,
  type StoreOptions,
  temporaryDirectory,
} from '@widget-store/dev';
import { openStore, type Store } from '@widget-store/db';
import { Connection, WorkflowClient } from '@temporalio/client';
import postgres from 'postgres';
import { createTestDatabase } from './database';
import { demoSeed } from '../servers/demoProducts';
import { sharedServers } from '../env';
import { loadContract } from '../http/openapi';
import { type Shopper, shopperOf } from '../http/shopper';

/** A whole store, whose api, worker and gateway are separate processes. The test has direct access to the database. */
export interface TestStore extends StartedStore {
  /** The token for admin requests outside demo mode. */
  adminToken: string;
  store: Store;
  sql: postgres.Sql;
  workflows: WorkflowClient;
  taskQueue: string;
  /** The folder for the files of servers that this store starts. */
  dataDir: string;
  lines: string[];
  orderIdOf(paymentId: string): Promise<string>;
  close(): Promise<void>;
}

export interface TestStoreOptions extends Partial<
  Pick<StoreOptions, 'paymentWindowMs' | 'demo' | 'extraEnvironment' | 'taskQueue' | 'programs'>
> {
  /** How the worker differs from the released worker. See `tests/programs/testWorker.js`. */
  worker?: TestWorkerOptions;
  /**
   * If true, the store starts its own Postgres and Temporal, which the test may kill. By default the store uses the
   * shared servers.
   */
  ownServers?: boolean;
}

export interface TestWorkerOptions {
  tickMs?: number;
  /** A directory. If it contains a file with the name of an effect, the worker crashes after that effect. */
  crashDir?: string;
  /** The path of a module whose function `plantBugs` replaces activities. */
  bugs?: string;
}

/**
 * Makes dispatches take three seconds instead of ten. Three seconds are still long enough to kill a process during a
 * dispatch.
 */
export const quickDispatches: TestWorkerOptions = { tickMs: 300 };

const testWorkerProgram = join(repositoryRoot, 'tests/programs/testWorker.js');

/** Starts a store on free ports, with its own database and task queue. */
export async function startTestStore(asked: TestStoreOptions = {}): Promise<TestStore> {
  const { ownServers = false, worker, ...given } = asked;
  const options = { ...given, programs: { seed: demoSeed.program, ...given.programs } };
  const directory = await temporaryDirectory();
  const ports = await freePorts('api', 'worker', 'postgres', 'temporal', 'gateway');
  const database = ownServers ? undefined : await createTestDatabase();
  const adminToken = randomBytes(24).toString('hex');
  const lines: string[] = [];
  const taskQueue = `test-${randomBytes(6).toString('hex')}`;
  const running = await startStore({
    dataDir: directory.path,
    ports,
    // The limit is high, because a test sends far more requests than a shopper.
    environment: {
      RATE_LIMIT_PER_MINUTE: '60000',
      ...inheritedEnvironment(),
      ADMIN_TOKEN: adminToken,
      ...demoSeed.environment,
    },
    databaseUrl: database?.url,
    databaseReady: database !== undefined,
    temporalAddress: ownServers ? undefined : sharedServers().temporalAddress,
    taskQueue,
    demo: true,
    throwaway: true,
    onLine: (name, line) => lines.push(`${name} | ${line}`),
    ...options,
    ...(worker && withTestWorker(worker, options)),
  });
  await loadContract(running.apiUrl);
  const store = openStore({ url: running.databaseUrl, applicationName: 'test', maxConnections: 5, deadlineMs: 10_000 });
  const sql = postgres(running.databaseUrl, { max: 2, onnotice: () => {} });
  const connection = Connection.lazy({ address: running.temporalAddress });
  return {
    ...running,
    adminToken,
    store,
    sql,
    workflows: new WorkflowClient({ connection }),
    taskQueue,
    dataDir: directory.path,
    lines,
    orderIdOf: async (paymentId) => {
      const [row] = await sql<{ id: string }[]>`select order_id as id from orders where payment_id = ${paymentId}`;
      if (row === undefined) throw new Error(`no order has the payment ${paymentId}`);
      return row.id;
    },
    close: async () => {
      // Nobody needs the work that is still open, so the processes get no time to finish it.
      await running.stop({ graceMs: 0 });
      await Promise.all([connection.close(), store.close(), sql.end()]);
      await database?.drop();
      await directory.remove();
    },
  };
}

function withTestWorker(
  { tickMs, crashDir, bugs }: TestWorkerOptions,
  { programs, extraEnvironment }: TestStoreOptions,
): Pick<StoreOptions, 'programs' | 'extraEnvironment'> {
  const variables = {
    TEST_TICK_MS: tickMs === undefined ? undefined : String(tickMs),
    TEST_CRASH_DIR: crashDir,
    TEST_BUGS: bugs,
  };
  return {
    programs: { ...programs, worker: testWorkerProgram },
    extraEnvironment: { ...extraEnvironment, worker: { ...extraEnvironment?.worker, ...variables } },
  };
}

export interface OpenStore {
  store: TestStore;
  shopper: Shopper;
}

/**
 * Starts a store for the tests of the `describe` that calls this function, and stops the store after them.
 *
 * @returns an object whose properties are set before the first test
 */
export function useTestStore(options: TestStoreOptions = {}): OpenStore {
  const open = {} as OpenStore;
  beforeAll(async () => {
    open.store = await startTestStore(options);
    open.shopper = shopperOf(open.store.apiUrl);
  });
  afterAll(() => open.store?.close());
  return open;
}

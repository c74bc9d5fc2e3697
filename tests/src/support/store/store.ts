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
import postgres from 'postgres';
import { createTestDatabase } from './database';
import { sharedServers } from '../env';
import { loadContract } from '../http/openapi';

/** The whole system: api and worker as processes of their own, with the database open to the test. */
export interface TestStore extends StartedStore {
  /** Of admin calls outside demo mode. */
  adminToken: string;
  store: Store;
  sql: postgres.Sql;
  taskQueue: string;
  /** Where servers of its own keep their files. */
  dataDir: string;
  /** What the processes printed, for a test that fails. */
  lines: string[];
  close(): Promise<void>;
}

export interface TestStoreOptions extends Partial<
  Pick<StoreOptions, 'paymentWindowMs' | 'demo' | 'extraEnvironment' | 'taskQueue' | 'programs'>
> {
  /** Starts a Postgres and a Temporal of its own, which the test may kill; otherwise the run's shared ones are used. */
  ownServers?: boolean;
}

/** A worker whose dispatches take three seconds instead of ten, for tests that wait for them. */
export const quickDispatches = { worker: join(repositoryRoot, 'tests/programs/quickWorker.js') };

/** Starts api and worker on free ports, with a database and a task queue of their own. */
export async function startTestStore({ ownServers = false, ...options }: TestStoreOptions = {}): Promise<TestStore> {
  const directory = await temporaryDirectory();
  const ports = await freePorts('api', 'worker', 'postgres', 'temporal', 'gateway');
  const database = ownServers ? undefined : await createTestDatabase();
  const adminToken = randomBytes(24).toString('hex');
  const lines: string[] = [];
  const taskQueue = `test-${randomBytes(6).toString('hex')}`;
  const running = await startStore({
    dataDir: directory.path,
    ports,
    // A test asks far more often than a shopper.
    environment: { RATE_LIMIT_PER_MINUTE: '60000', ...inheritedEnvironment(), ADMIN_TOKEN: adminToken },
    databaseUrl: database?.url,
    databaseReady: database !== undefined,
    temporalAddress: ownServers ? undefined : sharedServers().temporalAddress,
    taskQueue,
    demo: true,
    throwaway: true,
    onLine: (name, line) => lines.push(`${name} | ${line}`),
    ...options,
  });
  await loadContract(running.apiUrl);
  const store = openStore({ url: running.databaseUrl, applicationName: 'test', maxConnections: 5, deadlineMs: 10_000 });
  const sql = postgres(running.databaseUrl, { max: 2, onnotice: () => {} });
  const close = async (): Promise<void> => {
    await running.stop();
    await Promise.all([store.close(), sql.end()]);
    await database?.drop();
    await directory.remove();
  };
  return { ...running, adminToken, store, sql, taskQueue, dataDir: directory.path, lines, close };
}

import { randomBytes } from 'node:crypto';
import { Connection, WorkflowClient, type WorkflowHandle, WithStartWorkflowOperation } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { createWorker } from '@widget-store/worker';
import { checkoutWorkflowId, workflowTypes } from '@widget-store/workflows/contract';
import {
  type CheckoutInput,
  paymentSignal,
  type ReconcileInput,
  type ReconcileResult,
  reservationUpdate,
  reservationUpdateId,
} from '@widget-store/workflows/messages';
import { createTestDatabase, type TestDatabase } from './database';
import { sharedServers } from './env';
import { type TestGateway, testGateway } from './gateway';
import { type TestMonitor, testMonitor } from './monitor';

/** A worker inside the test, on a task queue and a database of its own. */
export interface WorkflowBench {
  client: WorkflowClient;
  database: TestDatabase;
  namespace: string;
  gateway: TestGateway;
  monitor: TestMonitor;
  /** Compares and repairs once, as a run of the Schedule does. */
  reconcile(input?: Partial<ReconcileInput>): Promise<ReconcileResult>;
  /** Starts a checkout, or joins the one there is, and waits until its reservation is decided. */
  checkout(options?: { key?: string; paymentWindowMs?: number }): Promise<StartedCheckout>;
  /** Starts a new run whose payment signal stands in its history before its first task, unless the key has an open one. */
  startWithPayment(options: { key?: string; status: string }): Promise<WorkflowHandle>;
  close(): Promise<void>;
}

export interface StartedCheckout {
  key: string;
  /** This run, not a later one of the same key. */
  run: WorkflowHandle;
}

const namespace = 'default';
const defaultWindowMs = 60_000;

export async function openWorkflowBench(): Promise<WorkflowBench> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { temporalAddress, bundlePath } = sharedServers();
  const taskQueue = `test-${randomBytes(6).toString('hex')}`;
  const database = await createTestDatabase();
  const [native, connection] = await Promise.all([
    NativeConnection.connect({ address: temporalAddress }),
    Connection.connect({ address: temporalAddress }),
  ]);
  const workflowBundle = { codePath: bundlePath };
  const gateway = ofOwnOrders(testGateway(), database);
  const monitor = testMonitor();
  const client = new WorkflowClient({ connection, namespace });
  const worker = await createWorker({
    connection: native,
    namespace,
    taskQueue,
    workflowBundle,
    store: database.store,
    gateway,
    publicUrl: 'http://127.0.0.1:9',
    temporal: { workflows: client },
    monitor,
  });
  const running = worker.run();
  return {
    client,
    database,
    namespace,
    gateway,
    monitor,
    reconcile: ({ graceMs = 0 } = {}) =>
      client.execute(workflowTypes.reconcile, { workflowId: `reconcile/${newKey()}`, taskQueue, args: [{ graceMs }] }),
    checkout: (options) => startCheckout(client, { taskQueue, ...options }),
    startWithPayment: ({ key = newKey(), status }) => {
      const options = startOptions({ taskQueue, key, paymentWindowMs: defaultWindowMs });
      return client.signalWithStart(workflowTypes.checkout, {
        ...options,
        signal: paymentSignal,
        signalArgs: [{ status }],
      });
    },
    close: async () => {
      await stopWorker(worker, running);
      await Promise.all([native.close(), connection.close(), database.drop()]);
    },
  };
}

/** The run's test files share one gateway, whose ledger has payments of all of them. */
function ofOwnOrders(gateway: TestGateway, { store }: TestDatabase): TestGateway {
  return {
    ...gateway,
    listPayments: async (asked) => {
      const page = await gateway.listPayments(asked);
      const orders = await store.readOrderFacts({ paymentIds: page.payments.map(({ paymentId }) => paymentId) });
      const own = new Set(orders.map(({ paymentId }) => paymentId));
      return { ...page, payments: page.payments.filter(({ paymentId }) => own.has(paymentId)) };
    },
  };
}

async function stopWorker(worker: Worker, running: Promise<void>): Promise<void> {
  worker.shutdown();
  await running;
}

interface CheckoutOptions {
  taskQueue: string;
  key: string;
  paymentWindowMs: number;
}

const newKey = (): string => `key-${randomBytes(6).toString('hex')}`;

function startOptions({ taskQueue, key, paymentWindowMs }: CheckoutOptions) {
  const lines = [{ productId: 1, quantity: 1 }];
  const input: CheckoutInput = { idempotencyKey: key, fingerprint: 'f', requestId: 'r', lines, paymentWindowMs };
  const workflowIdConflictPolicy = 'USE_EXISTING' as const;
  return { workflowId: checkoutWorkflowId(key), taskQueue, args: [input], workflowIdConflictPolicy };
}

async function startCheckout(
  client: WorkflowClient,
  { taskQueue, key = newKey(), paymentWindowMs = defaultWindowMs }: Partial<CheckoutOptions> & { taskQueue: string },
): Promise<StartedCheckout> {
  const start = new WithStartWorkflowOperation(
    workflowTypes.checkout,
    // As the api does it: a run that closed in good order is not repeated.
    { ...startOptions({ taskQueue, key, paymentWindowMs }), workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' },
  );
  await client.executeUpdateWithStart(reservationUpdate, {
    startWorkflowOperation: start,
    updateId: reservationUpdateId,
  });
  const { workflowId } = await start.workflowHandle();
  const { runId } = await client.getHandle(workflowId).describe();
  return { key, run: client.getHandle(workflowId, runId) };
}

import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import {
  Connection,
  WithStartWorkflowOperation,
  WorkflowClient,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
} from '@temporalio/client';
import { DefaultLogger, type LogEntry, NativeConnection, Runtime, type WorkflowBundleOption } from '@temporalio/worker';
import { createActivities, type ListingGateway } from '@widget-store/activities';
import type { OrderRow } from '@widget-store/db';
import { createRuns, createWorker } from '@widget-store/worker';
import { type Activities, type OrderState, workflowTypes } from '@widget-store/contract';
import {
  cancelUpdate,
  checkoutQuery,
  paymentChangedSignal,
  paymentSignal,
  type RefundInput,
  type ReconcileInput,
  type ReconcileResult,
  reservationUpdate,
  reservationUpdateId,
} from '@widget-store/workflows/messages';
import { checkoutStart, dispatchStart, refundStart, syncPaymentStart } from '@widget-store/workflows/starts';
import { createTestDatabase, type TestDatabase } from '../store/database';
import { sharedServers } from '../env';
import { eventually } from '../eventually';
import { type TestGateway, testGateway } from '../gateway/gateway';
import { type TestMonitor, testMonitor } from './monitor';
import { newOrderId } from '../orderIds';

/** A worker in the test's own process, with its own task queue and database. */
export interface WorkflowBench {
  client: WorkflowClient;
  database: TestDatabase;
  namespace: string;
  gateway: TestGateway;
  monitor: TestMonitor;
  /** The warnings that the worker and its workflows have logged. */
  warnings: LogEntry[];
  /** Runs the reconciler once, without the marks of an earlier run. */
  reconcile(input?: Partial<ReconcileInput>): Promise<ReconcileResult>;
  startReconcile(
    input?: Partial<ReconcileInput>,
  ): Promise<WorkflowHandle<(input: ReconcileInput) => Promise<ReconcileResult>>>;
  /**
   * Starts a checkout, or joins the open checkout of the key. Resolves when the store has reserved the stock or has
   * found too little of it.
   */
  checkout(options?: { key?: string; paymentWindowMs?: number }): Promise<StartedCheckout>;
  /** Gives a pending order manual fulfilment, as if a worker with manual fulfilment had placed the order. */
  makeManual(checkout: Pick<StartedCheckout, 'orderId'>): Promise<void>;
  /**
   * Cancels a paid order as the api does: sends the Update to the dispatch run, and starts that run if none is open.
   */
  cancelPaid(checkout: Pick<StartedCheckout, 'orderId'>): Promise<OrderState>;
  readOrder(checkout: Pick<StartedCheckout, 'orderId'>): Promise<OrderRow>;
  /**
   * Starts the run of a refund, or joins the open run. Resolves with null if a run of this refund has already
   * completed.
   */
  refund(input: Omit<RefundInput, 'publicUrl'>): Promise<WorkflowHandle | null>;
  /** Signals the run that records the refunds and disputes of a payment. Starts the run if it is not open. */
  syncPayment(placed: Pick<StartedCheckout, 'orderId' | 'paymentId'>): Promise<WorkflowHandle>;
  /**
   * Sends the payment signal to the run of the key. If none is open, starts one whose history has the signal before the
   * first workflow task.
   */
  startWithPayment(options: { key?: string; status: string; productId?: number }): Promise<WorkflowHandle>;
  /** Replaces the worker with one that has this workflow code. */
  release(workflowBundle: WorkflowBundleOption): Promise<void>;
  stopWorker(): Promise<void>;
  /** Starts a worker with the store's own workflow code, after `stopWorker`. */
  startWorker(): Promise<void>;
  close(): Promise<void>;
}

export interface StartedCheckout {
  key: string;
  /** A handle of this run, not of a later run with the same key. */
  run: WorkflowHandle;
  orderId: string;
  /** Empty if the order was sold out. */
  paymentId: string;
}

const namespace = 'default';
/** So long that no hold expires during the tests of a file. The tests compare the stock. */
const defaultWindowMs = 600_000;
const publicUrl = 'http://127.0.0.1:9';

export interface BenchOptions {
  /** Milliseconds between two ticks of a dispatch; 1000 by default, as in production. */
  tickMs?: number;
  /** The worker's gateway; by default the shared one. */
  gateway?: ListingGateway;
  /** Replaces activities of the worker. */
  replace?: (activities: Activities) => Partial<Activities>;
}

export async function openWorkflowBench(options: BenchOptions = {}): Promise<WorkflowBench> {
  const warnings: LogEntry[] = [];
  Runtime.install({
    logger: new DefaultLogger('WARN', (entry) => {
      if (entry.level === 'WARN') warnings.push(entry);
      else process.stderr.write(`${entry.message} ${inspect(entry.meta)}\n`);
    }),
  });
  const { temporalAddress, bundlePath } = sharedServers();
  const taskQueue = `test-${randomBytes(6).toString('hex')}`;
  const database = await createTestDatabase();
  const [native, connection] = await Promise.all([
    NativeConnection.connect({ address: temporalAddress }),
    Connection.connect({ address: temporalAddress }),
  ]);
  const gateway = ofOwnOrders(testGateway(), database);
  const workersGateway = options.gateway === undefined ? gateway : ofOwnOrders(options.gateway, database);
  const monitor = testMonitor();
  const client = new WorkflowClient({ connection, namespace });
  const own = createActivities({
    store: database.store,
    gateway: workersGateway,
    runs: createRuns({ workflows: client }, { taskQueue }),
    monitor,
    settings: { storefrontUrl: publicUrl, fulfilment: 'demo', shippingCountries: null },
    tickMs: options.tickMs ?? 1000,
  });
  const activities = { ...own, ...options.replace?.(own) };
  const startWorker = async (workflowBundle: WorkflowBundleOption) => {
    const worker = await createWorker({ connection: native, namespace, taskQueue, workflowBundle, activities });
    const running = worker.run();
    return async (): Promise<void> => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
    };
  };
  const ownBundle = { codePath: bundlePath };
  let stopWorker = await startWorker(ownBundle);
  const startReconcile: WorkflowBench['startReconcile'] = (asked = {}) =>
    client.start<(input: ReconcileInput) => Promise<ReconcileResult>>(workflowTypes.reconcile, {
      workflowId: `reconcile/${newKey()}`,
      taskQueue,
      args: [{ graceMs: 0, publicUrl, ...asked }],
    });
  return {
    client,
    database,
    namespace,
    gateway,
    monitor,
    warnings,
    startReconcile,
    reconcile: async (input) => (await startReconcile(input)).result(),
    checkout: async (asked) => {
      const started = await startCheckout(client, { taskQueue, ...asked });
      const placed = await database.store.findPlacedOrder(started.key);
      if (placed === undefined) throw new Error(`no order was placed for ${started.key}`);
      return { ...started, orderId: placed.orderId, paymentId: placed.paymentId ?? '' };
    },
    makeManual: async ({ orderId }) => {
      await database.sql`update orders set fulfilment = 'manual' where order_id = ${orderId}`;
    },
    cancelPaid: ({ orderId }) =>
      client.executeUpdateWithStart(cancelUpdate, {
        startWorkflowOperation: new WithStartWorkflowOperation(workflowTypes.dispatch, {
          ...dispatchStart({ orderId, publicUrl }),
          taskQueue,
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        }),
      }),
    readOrder: async ({ orderId }) => {
      const order = await database.store.readOrder(orderId);
      if (order === undefined) throw new Error(`there is no order ${orderId}`);
      return order;
    },
    refund: (input) => startRefund(client, { taskQueue, input: { ...input, publicUrl } }),
    syncPayment: ({ orderId, paymentId }) =>
      client.signalWithStart(workflowTypes.syncPayment, {
        ...syncPaymentStart({ orderId, paymentId, publicUrl }, { status: 'PAID', paymentStatus: 'paid' }),
        taskQueue,
        signal: paymentChangedSignal,
        signalArgs: [],
      }),
    startWithPayment: ({ key = newKey(), status, productId }) => {
      return client.signalWithStart(workflowTypes.checkout, {
        ...startOptions({ taskQueue, key, paymentWindowMs: defaultWindowMs, productId }),
        signal: paymentSignal,
        signalArgs: [{ status }],
      });
    },
    release: async (workflowBundle) => {
      await stopWorker();
      stopWorker = await startWorker(workflowBundle);
    },
    stopWorker: () => stopWorker(),
    startWorker: async () => {
      stopWorker = await startWorker(ownBundle);
    },
    close: async () => {
      await stopWorker();
      await Promise.all([native.close(), connection.close(), database.drop()]);
    },
  };
}

/** Limits the ledger of the shared gateway to the payments of this database. */
function ofOwnOrders<Gateway extends ListingGateway>(gateway: Gateway, { store }: TestDatabase): Gateway {
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

interface CheckoutOptions {
  taskQueue: string;
  key: string;
  paymentWindowMs: number;
  productId?: number | undefined;
}

const newKey = (): string => `key-${randomBytes(6).toString('hex')}`;

function startOptions({ taskQueue, key, paymentWindowMs, productId = 1 }: CheckoutOptions) {
  const lines = [{ productId, quantity: 1 }];
  const request = { fingerprint: 'f', requestId: 'r', lines, paymentWindowMs, publicUrl };
  const start = checkoutStart({ idempotencyKey: key, orderId: newOrderId(), ...request });
  return { ...start, taskQueue, workflowIdConflictPolicy: 'USE_EXISTING' } as const;
}

async function startCheckout(
  client: WorkflowClient,
  { taskQueue, key = newKey(), paymentWindowMs = defaultWindowMs }: Partial<CheckoutOptions> & { taskQueue: string },
): Promise<Pick<StartedCheckout, 'key' | 'run'>> {
  const start = new WithStartWorkflowOperation(
    workflowTypes.checkout,
    // As in the api, this policy allows no second run after a completed one.
    { ...startOptions({ taskQueue, key, paymentWindowMs }), workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' },
  );
  const reservation = await client.executeUpdateWithStart(reservationUpdate, {
    startWorkflowOperation: start,
    updateId: reservationUpdateId,
  });
  const { workflowId } = await start.workflowHandle();
  if ('delayedBy' in reservation) {
    await eventually(
      () => client.getHandle(workflowId).query(checkoutQuery),
      (order) => order !== null,
    );
  }
  const { runId } = await client.getHandle(workflowId).describe();
  return { key, run: client.getHandle(workflowId, runId) };
}

/** Starts a refund as the api does for a late payment. */
async function startRefund(
  client: WorkflowClient,
  { taskQueue, input }: { taskQueue: string; input: RefundInput },
): Promise<WorkflowHandle | null> {
  try {
    return await client.start(workflowTypes.refund, {
      ...refundStart(input, 'CANCELLED'),
      taskQueue,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

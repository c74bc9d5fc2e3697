import { randomBytes } from 'node:crypto';
import { Connection, WorkflowClient, type WorkflowHandle, WithStartWorkflowOperation } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createActivities, type PaymentGateway } from '@widget-store/activities';
import { createRuns, createWorker } from '@widget-store/worker';
import { checkoutWorkflowId, workflowTypes } from '@widget-store/contract';
import {
  cancelUpdate,
  type CheckoutInput,
  checkoutQuery,
  paymentSignal,
  reservationUpdate,
} from '@widget-store/workflows/messages';
import { newOrderId } from '../support/orderIds';
import { createTestDatabase, stockOf, type TestDatabase } from '../support/store/database';
import { sharedServers } from '../support/env';
import { eventually } from '../support/eventually';
import { testGateway } from '../support/gateway/gateway';
import { testMonitor } from '../support/temporal/monitor';

const namespace = 'default';
const publicUrl = 'http://127.0.0.1:9';
const paymentWindowMs = 1000;
/** The Query comes before the task in about half of the runs. */
const checkouts = 8;

/**
 * Found by the chaos suite. A Query that wakes a worker without the run in its cache lets it act on events that no workflow task
 * has taken yet. An Update of the task that follows is then recorded behind commands which a replay makes after it, and no
 * worker can go on with such a run (a bug of the SDK's core; temporalio/sdk-python#1591 is of the same family).
 */
describe('a Query that wakes a cold worker', () => {
  let database: TestDatabase;
  let native: NativeConnection;
  let connection: Connection;
  let client: WorkflowClient;
  const taskQueue = `test-${randomBytes(6).toString('hex')}`;

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const { temporalAddress } = sharedServers();
    database = await createTestDatabase();
    [native, connection] = await Promise.all([
      NativeConnection.connect({ address: temporalAddress }),
      Connection.connect({ address: temporalAddress }),
    ]);
    client = new WorkflowClient({ connection, namespace });
  });
  afterAll(async () => {
    await Promise.all([native.close(), connection.close(), database.drop()]);
  });

  let stopWorker = async (): Promise<void> => {};
  afterEach(() => stopWorker());

  async function startWorker(gateway: PaymentGateway): Promise<void> {
    const { store } = database;
    const runs = createRuns({ workflows: client }, { taskQueue });
    const monitor = testMonitor();
    const activities = createActivities({
      store,
      gateway,
      runs,
      monitor,
      publicUrl,
      tickMs: 100,
    });
    const workflowBundle = { codePath: sharedServers().bundlePath };
    const worker = await createWorker({ connection: native, namespace, taskQueue, workflowBundle, activities });
    const running = worker.run();
    stopWorker = async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
    };
  }

  function startOptions(key: string) {
    const lines = [{ productId: 1, quantity: 1 }];
    const request = { fingerprint: 'f', requestId: 'r', lines, paymentWindowMs, publicUrl };
    const input: CheckoutInput = { idempotencyKey: key, orderId: newOrderId(), ...request };
    return {
      workflowId: checkoutWorkflowId(key),
      taskQueue,
      args: [input] as [CheckoutInput],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    } as const;
  }

  async function reserve(): Promise<{ key: string; run: WorkflowHandle }> {
    const key = `key-${randomBytes(6).toString('hex')}`;
    const startWorkflowOperation = new WithStartWorkflowOperation(workflowTypes.checkout, startOptions(key));
    await client.executeUpdateWithStart(reservationUpdate, { startWorkflowOperation });
    const { runId } = await client.getHandle(checkoutWorkflowId(key)).describe();
    return { key, run: client.getHandle(checkoutWorkflowId(key), runId) };
  }

  const countOf = async (run: WorkflowHandle, type: string): Promise<number> =>
    historyToJSON(await run.fetchHistory()).split(`"EVENT_TYPE_${type}"`).length - 1;
  const statusOf = async (key: string): Promise<string> => {
    const [order] = await database.sql`select status from orders where idempotency_key = ${key}`;
    return String(order?.['status']);
  };

  it('spoils at most the run: given up, its order goes on', async () => {
    await startWorker(testGateway());
    const started = await Promise.all(Array.from({ length: checkouts }, reserve));
    await stopWorker();

    // While no worker is there: a Query is asked, the window ends, and somebody cancels.
    for (const { run } of started) run.query(checkoutQuery).catch(() => {});
    for (const { run } of started) {
      await eventually(
        () => countOf(run, 'TIMER_FIRED'),
        (count) => count === 1,
      );
      run.executeUpdate(cancelUpdate).catch(() => {});
    }

    let isAway: (error: Error) => void = () => {};
    const away = new Promise<never>((_resolve, reject) => {
      isAway = reject;
    });
    away.catch(() => {});
    await startWorker({ ...testGateway(), closePayment: () => away });
    for (const { run } of started) {
      await eventually(
        () => countOf(run, 'WORKFLOW_TASK_COMPLETED'),
        (count) => count >= 2,
      );
    }
    isAway(new Error('the worker is being replaced'));
    await stopWorker();

    await startWorker(testGateway());
    for (const { key, run } of started) {
      const isOver = (status: string): boolean => status === 'CANCELLED';
      const tasksFailed = () => countOf(run, 'WORKFLOW_TASK_FAILED');
      await eventually(
        async () => isOver(await statusOf(key)) || (await tasksFailed()) > 0,
        (isDecided) => isDecided,
      );
      if (isOver(await statusOf(key))) continue;
      // As an engineer does it, and then whoever has news of the order.
      await run.terminate('its history does not replay');
      const signal = { signal: paymentSignal, signalArgs: [{ status: 'failed' }] as [{ status: string }] };
      await client.signalWithStart(workflowTypes.checkout, { ...startOptions(key), ...signal });
      await eventually(() => statusOf(key), isOver);
    }
    expect(await stockOf(database.sql)).toEqual({ inventory: 100, movements: 100 });
  });
});

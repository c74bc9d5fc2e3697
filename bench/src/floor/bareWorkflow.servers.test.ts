import { randomUUID } from 'node:crypto';
import { Connection, WithStartWorkflowOperation, WorkflowClient, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { exportHistory, sharedServers } from '@widget-store/tests';
import { ensureSearchAttributes, limits } from '@widget-store/worker';
import { dispatchWorkflowId, workflowTypes } from '@widget-store/contract';
import { checkoutQuery, paymentSignal, reservationUpdate, reservationUpdateId } from '@widget-store/workflows/messages';
import { createBareActivities } from './bareActivities';
import { bundleBareWorkflow } from './bareBundle';
import { bareRun } from './bareRun';
import { eventTypes, storeEvents } from './storeEvents';

/**
 * The benchmark may compare the store with the bare workflow only if Temporal does the same work for both. A new step of
 * the store does not break these tests: the benchmark itself compares `storeEvents` with the recorded histories.
 */
describe('the bare workflow has the events of', () => {
  const namespace = 'default';
  const taskQueue = `bare-${randomUUID()}`;
  let client: WorkflowClient;
  let close: () => Promise<void>;

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const address = sharedServers().temporalAddress;
    const [native, connection, workflowBundle] = await Promise.all([
      NativeConnection.connect({ address }),
      Connection.connect({ address }),
      bundleBareWorkflow(),
    ]);
    const stop = new AbortController().signal;
    await ensureSearchAttributes({ connection: native, namespace, stop, log: { info: () => {}, warn: () => {} } });
    const activities = createBareActivities({ tickMs: 10, onDecided: () => {} });
    const options = { ...limits, connection: native, namespace, taskQueue, workflowBundle, activities };
    const worker = await Worker.create(options);
    const running = worker.run();
    client = new WorkflowClient({ connection, namespace });
    close = async () => {
      worker.shutdown();
      await running;
      await Promise.all([native.close(), connection.close()]);
    };
  });
  afterAll(() => close());

  it('a declined checkout', async () => {
    const { run } = await checkout('failed');
    expect(await typesOf(run)).toEqual(storeEvents.declined);
  });

  it('a paid checkout and its dispatch', async () => {
    const { run, orderId } = await checkout('paid');
    expect(await typesOf(run)).toEqual(storeEvents.paid);
    const dispatch = client.getHandle(dispatchWorkflowId(orderId));
    await dispatch.result();
    expect(await typesOf(dispatch)).toEqual(storeEvents.dispatch);
  });

  async function checkout(status: string): Promise<{ run: WorkflowHandle; orderId: string }> {
    const options = bareRun({ key: randomUUID(), taskQueue });
    await client.executeUpdateWithStart(reservationUpdate, {
      updateId: reservationUpdateId,
      startWorkflowOperation: new WithStartWorkflowOperation(workflowTypes.checkout, options),
    });
    const run = client.getHandle(options.workflowId);
    const order = await run.query(checkoutQuery);
    await run.signal(paymentSignal, { status });
    await run.result();
    return { run, orderId: order?.orderId ?? '' };
  }

  async function typesOf(run: WorkflowHandle): Promise<string[]> {
    return eventTypes(await exportHistory(run));
  }
});

import { Connection, ScheduleClient, WorkflowClient } from '@temporalio/client';
import { ensureSchedule } from '@widget-store/worker';
import { reconcileScheduleId } from '@widget-store/contract';
import { sharedServers } from '../support/env';
import { eventually } from '../support/eventually';
import { killProcesses } from '../support/servers/processes';
import { shopperOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';

const everyMs = 1000;

/** The Schedule that the worker maintains, and the metrics and logs of the Schedule's runs. */
describe('the Schedule of the reconciler', () => {
  const taskQueue = `test-schedule-${Date.now()}`;
  const scheduleId = reconcileScheduleId(taskQueue);
  let store: TestStore;
  let connection: Connection;
  let schedules: ScheduleClient;

  beforeAll(async () => {
    connection = await Connection.connect({ address: sharedServers().temporalAddress });
    schedules = new ScheduleClient({ connection });
    const worker = { RECONCILE_EVERY_MS: String(everyMs), RECONCILE_GRACE_MS: '500' };
    store = await startTestStore({ taskQueue, extraEnvironment: { worker } });
  });
  afterAll(async () => {
    await store.close();
    await schedules.getHandle(scheduleId).delete();
    await connection.close();
  });

  const interval = async () => (await schedules.getHandle(scheduleId).describe()).spec.intervals?.[0]?.every;
  const actions = async () => (await schedules.getHandle(scheduleId).describe()).info.numActionsTaken;
  const metrics = async () => (await fetch(`${store.workerUrl}/metrics`)).text();
  const warnings = () => store.lines.filter((line) => line.startsWith('worker') && line.includes('"anomaly"'));

  it('starts comparisons, which log nothing in a consistent store', async () => {
    await eventually(interval, (every) => every === everyMs);
    await eventually(actions, (count) => count >= 2);
    await eventually(metrics, (text) => text.includes('widget_store_anomalies{kind="stock_mismatch"} 0'));
    expect(await metrics()).toContain('widget_store_anomalies_found_total{kind="stock_mismatch"} 0');
    expect(warnings()).toEqual([]);
  });

  it('reports an anomaly in a log line with ids, and in a metric until the anomaly is repaired', async () => {
    await store.sql`update products set inventory = inventory + 1 where product_id = 2`;
    await eventually(metrics, (text) => text.includes('widget_store_anomalies{kind="stock_mismatch"} 1'));
    expect(JSON.parse(warnings()[0]?.replace('worker | ', '') ?? '{}')).toMatchObject({
      level: 40,
      anomaly: 'stock_mismatch',
      productId: 2,
      repair: null,
    });
    await store.sql`update products set inventory = inventory - 1 where product_id = 2`;
    await eventually(metrics, (text) => text.includes('widget_store_anomalies{kind="stock_mismatch"} 0'));
  });

  it('releases the stock of a terminated checkout at the end of its window', async () => {
    const shopper = shopperOf(store.apiUrl);
    const paymentId = await shopper.reserve();
    const [row] = await store.sql`
      update orders set expires_at = now() + interval '1 second' where payment_id = ${paymentId}
      returning order_id, idempotency_key`;
    const run = { workflowId: `checkout/${String(row?.['idempotency_key'])}` };
    await connection.workflowService.terminateWorkflowExecution({ namespace: 'default', workflowExecution: run });
    const order = await eventually(
      () => shopper.order(String(row?.['order_id'])),
      ({ status }) => status === 'CANCELLED',
    );
    expect(order.cancel_reason).toBe('payment_expired');
    const takenOver = await new WorkflowClient({ connection }).getHandle(run.workflowId).describe();
    expect(await takenOver.staticDetails()).toContain(`(${store.apiUrl}/ops/order/${order.order_id})`);
    expect(await metrics()).toMatch(/widget_store_repairs_total\{kind="hold_without_run"\} [1-9]/);
  });

  it('is created again by a running worker after it was deleted', async () => {
    await schedules.getHandle(scheduleId).delete();
    await eventually(actions, (count) => count >= 1);
    expect(await interval()).toBe(everyMs);
  });

  it('stays paused after somebody has paused it, and a running worker reports the pause', async () => {
    await schedules.getHandle(scheduleId).pause('by hand');
    await eventually(metrics, (text) => text.includes('widget_store_reconciler_paused 1'));
    const lines = () => store.lines.filter((line) => line.includes('the reconciler is paused'));
    const [line] = await eventually(lines, ({ length }) => length === 1);
    expect(line).toContain('"note":"by hand"');
    expect((await schedules.getHandle(scheduleId).describe()).state.paused).toBe(true);
    await schedules.getHandle(scheduleId).unpause();
    await eventually(metrics, (text) => text.includes('widget_store_reconciler_paused 0'));
  });

  it('still exists once, and starts runs, after a kill of the worker', async () => {
    await killProcesses(store.processes.worker);
    const before = await actions();
    // If the kill interrupted a comparison, the next run starts only after the heartbeat timeout of 30 seconds.
    await eventually(actions, (count) => count > before, { deadlineMs: 60_000 });
    const ids: string[] = [];
    for await (const { scheduleId: id } of schedules.list()) if (id === scheduleId) ids.push(id);
    expect(ids).toHaveLength(1);
  });

  it('adopts a changed interval and address, and stays paused if it was paused by hand', async () => {
    // The worker has just restarted and may still be updating the Schedule, so the test stops the worker.
    await store.processes.worker.stop();
    await schedules.getHandle(scheduleId).pause('by hand');
    const settings = { taskQueue, reconcileEveryMs: 7000, reconcileGraceMs: 500, publicUrl: 'http://moved.example' };
    const { signal } = new AbortController();
    await ensureSchedule({ schedules }, settings, { stop: signal, log: { warn: () => {} } });
    expect(await interval()).toBe(7000);
    const { action, state } = await schedules.getHandle(scheduleId).describe();
    expect(action.args).toEqual([{ graceMs: 500, publicUrl: 'http://moved.example' }]);
    expect(state.paused).toBe(true);
  });
});

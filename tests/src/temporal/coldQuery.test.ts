import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { PaymentGateway } from '@widget-store/activities';
import { cancelUpdate, checkoutQuery } from '@widget-store/workflows/messages';
import { eventually } from '../support/eventually';
import { testGateway } from '../support/gateway/gateway';
import { stockOf } from '../support/store/database';
import { openWorkflowBench, type StartedCheckout, type WorkflowBench } from '../support/temporal/workflows';

const paymentWindowMs = 1000;
/** The number of concurrent checkouts. In about half of these checkouts, the Query overtakes the workflow task. */
const checkoutsAtOnce = 8;
const mostBatches = 5;

/**
 * A bug that the chaos suite found in the SDK's core. A similar bug is temporalio/sdk-python#1591. If a worker gets a
 * Query for a run that is not in its cache, the worker acts on events that no workflow task has delivered yet. If the
 * next workflow task delivers an Update, the commands that those events caused come before the Update in the history.
 * In a replay, these commands come only after the Update, so no worker can continue the run.
 *
 * If the first expectation fails, the SDK has been fixed. The workarounds that name this file can then be removed.
 */
describe('a Query that overtakes the workflow task on a cold worker', () => {
  let bench: WorkflowBench;
  let closePayment: PaymentGateway['closePayment'];

  beforeAll(async () => {
    const gateway = testGateway();
    ({ closePayment } = gateway);
    bench = await openWorkflowBench({ gateway: { ...gateway, closePayment: (paymentId) => closePayment(paymentId) } });
  });
  afterAll(() => bench.close());

  const countOf = async (run: WorkflowHandle, type: string): Promise<number> =>
    historyToJSON(await run.fetchHistory()).split(`"EVENT_TYPE_${type}"`).length - 1;
  const untilCount = (run: WorkflowHandle, type: string, least: number) =>
    eventually(
      () => countOf(run, type),
      (count) => count >= least,
    );
  const isCancelled = async ({ key }: StartedCheckout): Promise<boolean> => {
    const [order] = await bench.database.sql`select status from orders where idempotency_key = ${key}`;
    return order?.['status'] === 'CANCELLED';
  };

  /**
   * While no worker runs, each run gets a Query, its payment window ends, and the run gets an Update. Then a worker
   * starts, and is stopped while it closes the payments. A second worker must therefore replay the runs.
   *
   * @returns the runs that no worker can continue
   */
  async function playBatch(): Promise<StartedCheckout[]> {
    const started = await Promise.all(
      Array.from({ length: checkoutsAtOnce }, () => bench.checkout({ paymentWindowMs })),
    );
    await bench.stopWorker();
    for (const { run } of started) run.query(checkoutQuery).catch(() => {});
    for (const { run } of started) {
      await untilCount(run, 'TIMER_FIRED', 1);
      run.executeUpdate(cancelUpdate).catch(() => {});
    }

    const working = closePayment;
    let fail = (_reason: Error): void => {};
    const interrupted = new Promise<never>((_resolve, reject) => (fail = reject));
    interrupted.catch(() => {});
    closePayment = () => interrupted;
    await bench.startWorker();
    for (const { run } of started) await untilCount(run, 'WORKFLOW_TASK_COMPLETED', 2);
    fail(new Error('the worker is being replaced'));
    await bench.stopWorker();
    closePayment = working;

    await bench.startWorker();
    const broken: StartedCheckout[] = [];
    for (const checkout of started) {
      const hasFailed = async () => (await countOf(checkout.run, 'WORKFLOW_TASK_FAILED')) > 0;
      await eventually(async () => (await isCancelled(checkout)) || hasFailed(), Boolean);
      if (!(await isCancelled(checkout))) broken.push(checkout);
    }
    return broken;
  }

  it('leaves a run that no worker can continue, and the order ends after the run is terminated and replaced', async () => {
    const broken: StartedCheckout[] = [];
    for (let batch = 0; batch < mostBatches && broken.length === 0; batch++) broken.push(...(await playBatch()));
    expect(broken).not.toEqual([]);

    for (const checkout of broken) {
      await checkout.run.terminate('its history does not replay');
      await bench.startWithPayment({ key: checkout.key, status: 'failed' });
      await eventually(() => isCancelled(checkout), Boolean);
    }
    expect(await stockOf(bench.database.sql)).toEqual({ inventory: 100, movements: 100 });
  });
});

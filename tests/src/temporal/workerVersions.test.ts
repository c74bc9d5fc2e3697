import { randomBytes } from 'node:crypto';
import { freePorts, type SupervisedProcess } from '@widget-store/dev';
import { checkoutWorkflowId, dispatchWorkflowId, ownRefundId, refundWorkflowId } from '@widget-store/contract';
import { eventually } from '../support/eventually';
import { newKey, type Shopper, shopperOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';
import { documentedCommand } from '../support/temporal/temporalCommand';

/**
 * Rolls out releases with the commands of docs/operations.md. Each test continues with the deployment of the test
 * before it.
 */
describe('workers of several builds side by side', () => {
  const deployment = `store-${randomBytes(6).toString('hex')}`;
  let store: TestStore;
  let shopper: Shopper;
  const workers: Record<string, SupervisedProcess> = {};

  beforeAll(async () => {
    store = await startTestStore();
    shopper = shopperOf(store.apiUrl);
  });
  afterAll(() => store.close());

  async function startWorkersOf(build: string): Promise<void> {
    const { port } = await freePorts('port');
    const extraEnvironment = { TEMPORAL_DEPLOYMENT_NAME: deployment, TEMPORAL_WORKER_BUILD_ID: build };
    workers[build] = await store.startReplica('worker', { name: `worker of ${build}`, port, extraEnvironment });
  }

  const operate = (to: string, build = '') =>
    documentedCommand(to, {
      '--deployment-name widget-store': `--deployment-name ${deployment}`,
      "'widget-store:": `'${deployment}:`,
      '--percentage 10': '--percentage 100',
      '<build>': build,
    });

  /**
   * Makes a build the current one. The command is repeated, because Temporal does not know the build before its workers
   * have polled.
   */
  const makeCurrent = (build: string) =>
    eventually(
      () => operate('make a build the current one', build),
      () => true,
    );

  /** Returns the builds that completed a run's workflow tasks, according to the run's history. */
  async function buildsOf(workflowId: string): Promise<string[]> {
    const { events } = await store.workflows.getHandle(workflowId).fetchHistory();
    const builds = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: done }) =>
      done ? [done.deploymentVersion?.buildId ?? 'none'] : [],
    );
    return [...new Set(builds)];
  }

  const checkoutBuilds = (key: string) => buildsOf(checkoutWorkflowId(key));
  const ended = (key: string) => store.workflows.getHandle(checkoutWorkflowId(key)).result();

  async function open() {
    const key = newKey();
    return { key, paymentId: await shopper.reserve(key) };
  }

  /**
   * Opens checkouts until one starts on the build, because a change of the deployment takes effect only after a moment.
   */
  async function openOn(build: string) {
    const read = async () => {
      const opened = await open();
      const begunOn = (await checkoutBuilds(opened.key)).join();
      if (begunOn !== build) await settle(opened, 'failed');
      return { opened, begunOn };
    };
    const { opened } = await eventually(read, ({ begunOn }) => begunOn === build);
    return opened;
  }

  async function settle({ key, paymentId }: { key: string; paymentId: string }, status: string): Promise<string> {
    const { text: orderId } = await shopper.webhook(paymentId, status);
    await ended(key);
    return orderId;
  }

  it('a build gets no work before it is current, and then also gets the open runs of workers without a build', async () => {
    const before = await open();
    await startWorkersOf('a');
    const beside = await open();
    expect(await checkoutBuilds(beside.key)).toEqual(['none']);

    await makeCurrent('a');
    await store.processes.worker.stop();
    for (const opened of [before, beside]) {
      await settle(opened, 'failed');
      expect(await checkoutBuilds(opened.key)).toEqual(['none', 'a']);
    }
  });

  it('a build can first get a share of the new checkouts, and that share can be withdrawn', async () => {
    await startWorkersOf('b');
    await eventually(
      () => operate('give a build a share of the new checkouts', 'b'),
      () => true,
    );
    const [shared, kept] = [await openOn('b'), await openOn('b')];
    await operate("take back a build's share", 'b');
    await settle(await openOn('a'), 'failed');
    for (const opened of [shared, kept]) {
      await settle(opened, 'failed');
      expect(await checkoutBuilds(opened.key)).toEqual(['b']);
    }
  });

  it('a checkout and its dispatch end on the build that started them, and refunds and new checkouts run on the current build', async () => {
    const old = await open();
    await makeCurrent('b');
    const fresh = await openOn('b');
    const orderId = await settle(old, 'paid');
    await settle(fresh, 'failed');
    expect(await checkoutBuilds(old.key)).toEqual(['a']);
    expect(await checkoutBuilds(fresh.key)).toEqual(['b']);

    await store.processes.gateway.stop();
    await shopper.send('POST', `/order/${orderId}/cancel`);
    const refund = refundWorkflowId(ownRefundId(orderId));
    await eventually(
      () => buildsOf(refund),
      (builds) => builds.length > 0,
    );
    store.processes.gateway.start();
    await store.workflows.getHandle(refund).result();
    expect(await buildsOf(dispatchWorkflowId(orderId))).toEqual(['a']);
    expect((await buildsOf(refund)).at(-1)).toBe('b');
  });

  it('Temporal shows the open runs of a build, and whether the build is drained', async () => {
    const { key } = await open();
    await eventually(
      () => operate('list the open runs of a build', 'b'),
      (listed) => listed.includes(checkoutWorkflowId(key)),
    );
    expect(await operate('list the open runs of a build', 'a')).toBe('');
    expect(await operate('see whether a build is drained', 'a')).toMatch(/DrainageStatus +drain(ing|ed)/);
  });

  it('after a rollback, new checkouts start on the earlier build, and open checkouts can be moved there from the broken build', async () => {
    const stranded = await open();
    await makeCurrent('a');
    await workers['b']?.stop();
    const fresh = await openOn('a');
    expect(await checkoutBuilds(fresh.key)).toEqual(['a']);

    await eventually(
      () => operate('list the open runs of a build', 'b'),
      (listed) => listed.includes(checkoutWorkflowId(stranded.key)),
    );
    await operate('move the open runs of a build to the current one', 'b');
    const { text: orderId } = await eventually(
      () => shopper.webhook(stranded.paymentId, 'failed'),
      ({ status }) => status === 200,
    );
    expect((await shopper.order(orderId)).status).toBe('CANCELLED');
    expect(await checkoutBuilds(stranded.key)).toEqual(['b', 'a']);
  });
});

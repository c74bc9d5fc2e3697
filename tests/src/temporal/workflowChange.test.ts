import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { bundleModule } from '@widget-store/worker';
import { paymentSignal } from '@widget-store/workflows/messages';
import { sharedServers } from '../support/env';
import { eventually } from '../support/eventually';
import { exportHistory, readHistories } from '../support/histories/histories';
import { namesOfBroken } from '../support/histories/replayHistories';
import { openWorkflowBench, type WorkflowBench } from '../support/temporal/workflows';

/**
 * The current code stands for the release that opened the runs. The later releases are in `support/temporal/releases`.
 */
describe('a workflow that changes while runs are open', () => {
  let bench: WorkflowBench;
  let released: WorkflowBundleOption;
  let patched: WorkflowBundleOption;
  let deprecated: WorkflowBundleOption;
  let unpatched: WorkflowBundleOption;

  beforeAll(async () => {
    const next = (name: string) => bundleModule(join(__dirname, `../support/temporal/releases/${name}.ts`));
    released = { codePath: sharedServers().bundlePath };
    [bench, patched, deprecated, unpatched] = await Promise.all([
      openWorkflowBench(),
      next('patched'),
      next('deprecated'),
      next('unpatched'),
    ]);
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.release(released));

  const decline = (run: WorkflowHandle) => run.signal(paymentSignal, { status: 'failed' });
  const memoOf = async (run: WorkflowHandle) => (await run.describe()).memo;

  it('with a patch, an open run keeps its old steps and then takes the new ones, and a new run takes only new steps', async () => {
    const { run: open } = await bench.checkout();
    await bench.release(patched);
    const { run: fresh } = await bench.checkout();
    for (const run of [open, fresh]) {
      await decline(run);
      expect(await run.result()).toMatchObject({ status: 'CANCELLED', cancelReason: 'payment_failed' });
    }
    expect(await memoOf(open)).toEqual({ endedOn: 'next' });
    expect(await memoOf(fresh)).toEqual({ begunOn: 'next', endedOn: 'next' });
    expect(await namesOfBroken(await readHistories(), patched)).toEqual([]);
  });

  it('without a patch, an open run stops without losing anything, and continues after the release is rolled back', async () => {
    const { run: open } = await bench.checkout();
    await bench.release(unpatched);
    await decline(open);
    await eventually(
      () => open.fetchHistory(),
      ({ events }) => (events ?? []).some((event) => event.workflowTaskFailedEventAttributes),
    );
    await bench.release(released);
    expect(await open.result()).toMatchObject({ status: 'CANCELLED', cancelReason: 'payment_failed' });
  });

  it('without a patch, the replay of the recorded histories fails before the release', async () => {
    const broken = await namesOfBroken(await readHistories(), unpatched);
    expect(broken).toEqual(expect.arrayContaining(['open', 'paid']));
    expect(broken).not.toContain('dispatch');
  });

  it('a patch is removed in two steps: each release replays the runs of the release before it, but not runs of older releases', async () => {
    const declinedOn = async (release: WorkflowBundleOption) => {
      await bench.release(release);
      const { run } = await bench.checkout();
      await decline(run);
      await run.result();
      return exportHistory(run);
    };
    const histories = {
      released: await declinedOn(released),
      patched: await declinedOn(patched),
      deprecated: await declinedOn(deprecated),
      unpatched: await declinedOn(unpatched),
    };
    expect(await namesOfBroken(histories, patched)).toEqual(['unpatched']);
    expect(await namesOfBroken(histories, deprecated)).toEqual(['released']);
    expect(await namesOfBroken(histories, unpatched)).toEqual(['released', 'patched']);
  });
});

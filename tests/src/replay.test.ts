import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { bundleWorkflows } from '@widget-store/worker';
import { recordsHistories, sharedServers } from './support/env';
import { currentName, type HistoryJson, playHistories, readHistories, writeHistories } from './support/histories';
import { openWorkflowBench, type WorkflowBench } from './support/workflows';

/**
 * A change of a workflow that old runs cannot follow stops them for good, so histories are replayed on the code as it
 * is now: those of released code from the repository, and fresh ones of every path.
 */
describe('replay', () => {
  let bench: WorkflowBench;
  let played: Record<string, HistoryJson>;

  beforeAll(async () => {
    bench = await openWorkflowBench();
    played = await playHistories(bench);
    if (recordsHistories()) await writeHistories(played);
  });
  afterAll(() => bench.close());

  const replay = (history: HistoryJson, workflowBundle: WorkflowBundleOption = plainBundle()) =>
    Worker.runReplayHistory({ workflowBundle, sinks: { exporter: { export: nowhere } } }, history);

  it('follows the fresh history of every path', async () => {
    expect(Object.keys(played).length).toBeGreaterThan(0);
    for (const history of Object.values(played)) await expect(replay(history)).resolves.toBeUndefined();
  });

  it('follows every recorded history, and there is one of every path', async () => {
    const recorded = await readHistories();
    expect(Object.keys(recorded)).toEqual(expect.arrayContaining(Object.keys(played).map(currentName)));
    for (const history of Object.values(recorded)) await expect(replay(history)).resolves.toBeUndefined();
  });

  it('follows them all with the interceptors of tracing too, so that tracing can be turned on and off', async () => {
    const traced = await bundleWorkflows({ traced: true });
    const recorded = await readHistories();
    for (const [name, history] of Object.entries({ ...recorded, ...played })) {
      const outcome = await replay(history, traced).catch((error: unknown) => String(error));
      expect([name, outcome]).toEqual([name, undefined]);
    }
  });

  it('notices a history that the code did not make', async () => {
    const { paid, declined } = played as { paid: { events: object[] }; declined: { events: object[] } };
    const spliced = { events: [...declined.events.slice(0, 12), ...paid.events.slice(12)] };
    await expect(replay(spliced)).rejects.toThrow('Nondeterminism');
  });
});

/** Where the spans of workflows go. */
const nowhere = { fn: () => {}, callDuringReplay: false };

function plainBundle(): WorkflowBundleOption {
  return { codePath: sharedServers().bundlePath };
}

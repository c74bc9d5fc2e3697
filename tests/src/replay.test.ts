import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { bundleWorkflows, everyBundle } from '@widget-store/worker';
import { recordsHistories } from './support/env';
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

  const replay = (history: HistoryJson, workflowBundle: WorkflowBundleOption) =>
    Worker.runReplayHistory({ workflowBundle, sinks: { exporter: { export: nowhere } } }, history);

  it('has a recorded history of every path', async () => {
    expect(Object.keys(await readHistories())).toEqual(expect.arrayContaining(Object.keys(played).map(currentName)));
  });

  it.each(everyBundle)(
    'follows every history, recorded and fresh: traced $traced, versioned $versioned',
    async (kind) => {
      const bundle = await bundleWorkflows(kind);
      for (const [name, history] of Object.entries({ ...(await readHistories()), ...played })) {
        const outcome = await replay(history, bundle).catch((error: unknown) => String(error));
        expect([name, outcome]).toEqual([name, undefined]);
      }
    },
  );

  it('notices a history that the code did not make', async () => {
    const { paid, declined } = played as { paid: { events: object[] }; declined: { events: object[] } };
    const spliced = { events: [...declined.events.slice(0, 12), ...paid.events.slice(12)] };
    const bundle = await bundleWorkflows({ traced: false, versioned: false });
    await expect(replay(spliced, bundle)).rejects.toThrow('Nondeterminism');
  });
});

/** Where the spans of workflows go. */
const nowhere = { fn: () => {}, callDuringReplay: false };

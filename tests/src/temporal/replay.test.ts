import { readFile } from 'node:fs/promises';
import type { WorkflowBundle } from '@temporalio/worker';
import { withSettings } from '@widget-store/worker';
import { recordsHistories, sharedServers } from '../support/env';
import { readHistories, writeHistories } from '../support/histories/histories';
import type { Histories } from '../support/histories/historyStage';
import { playHistories } from '../support/histories/playHistories';
import { namesOfBroken } from '../support/histories/replayHistories';

/**
 * A worker cannot continue a run if its code cannot replay the run's history. So these tests use the current code
 * to replay the recorded histories in the repository, and fresh histories of every path.
 */
describe('replay', () => {
  let played: Histories;
  let bundle: WorkflowBundle;

  beforeAll(async () => {
    bundle = { code: await readFile(sharedServers().bundlePath, 'utf8') };
    played = await playHistories();
    if (recordsHistories()) await writeHistories(played);
  });

  async function recordedAndFresh(): Promise<Histories> {
    const fresh = Object.entries(played).map(([path, history]) => [`fresh ${path}`, history] as const);
    return { ...(await readHistories()), ...Object.fromEntries(fresh) };
  }

  it('has a recording of every path', async () => {
    expect(Object.keys(await readHistories())).toEqual(expect.arrayContaining(Object.keys(played)));
  });

  it('uses only histories with a command, because any code can replay a history without one', async () => {
    const empty = Object.entries(await recordedAndFresh()).filter(
      // The events of commands name the workflow task that sent them.
      ([, history]) => !JSON.stringify(history).includes('"workflowTaskCompletedEventId"'),
    );
    expect(empty.map(([name]) => name)).toEqual([]);
  });

  it('shows that the runs of a paid demo order have only the events of its checkout, payment and dispatch', () => {
    const update = ['WORKFLOW_EXECUTION_UPDATE_ACCEPTED', 'WORKFLOW_EXECUTION_UPDATE_COMPLETED'];
    const activity = ['ACTIVITY_TASK_SCHEDULED', 'ACTIVITY_TASK_STARTED', 'ACTIVITY_TASK_COMPLETED'];
    const always = ['WORKFLOW_EXECUTION_STARTED', 'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES', 'WORKFLOW_EXECUTION_COMPLETED'];
    const payment = ['MARKER_RECORDED', 'TIMER_STARTED', 'WORKFLOW_EXECUTION_SIGNALED', 'TIMER_CANCELED'];
    const child = ['START_CHILD_WORKFLOW_EXECUTION_INITIATED', 'CHILD_WORKFLOW_EXECUTION_STARTED'];
    const { paid, dispatch } = played as Record<string, { events: { eventType: string }[] }>;
    const needed = (run?: { events: { eventType: string }[] }) =>
      run?.events
        .map(({ eventType }) => eventType.replace('EVENT_TYPE_', ''))
        .filter((type) => !type.startsWith('WORKFLOW_TASK_'))
        .toSorted();
    expect(needed(paid)).toEqual([...update, ...activity, ...always, ...payment, ...child].toSorted());
    expect(needed(dispatch)).toEqual([...activity, ...always].toSorted());
  });

  // The cases are pairwise: for every two settings, each combination of their values occurs in a case.
  it.each([
    {},
    { tracing: true, versioning: true },
    { tracing: true, encryption: true },
    { versioning: true, encryption: true },
  ])('replays every recorded and fresh history with the settings %j', async (settings) => {
    expect(await namesOfBroken(await recordedAndFresh(), withSettings(bundle, settings))).toEqual([]);
  });

  it('has no file path of the recording machine in a history', async () => {
    const absolute = /\((?:file:\/\/)?\/[^)]*node_modules/;
    const naming = Object.entries(await recordedAndFresh()).filter(([, history]) =>
      absolute.test(JSON.stringify(history)),
    );
    expect(naming.map(([name]) => name)).toEqual([]);
  });

  it('fails for a history that the code did not produce', async () => {
    const { paid, declined } = played as { paid: { events: object[] }; declined: { events: object[] } };
    const spliced = { events: [...declined.events.slice(0, 12), ...paid.events.slice(12)] };
    expect(await namesOfBroken({ paid, spliced }, bundle)).toEqual(['spliced']);
  });
});

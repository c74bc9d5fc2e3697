import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import sdk from '@temporalio/worker/package.json';
import type { WorkflowBundle } from '@temporalio/worker';
import { bundleModule } from '@widget-store/worker';
import { cancelUpdate, checkoutQuery, paymentSignal } from '@widget-store/workflows/messages';
import { sharedServers, triesLocalSettling } from '../support/env';
import { exportHistory, type HistoryJson } from '../support/histories/histories';
import { namesOfBroken } from '../support/histories/replayHistories';
import { copyRepository } from '../support/repositoryCopy';
import { setAvailable } from '../support/store/database';
import { openWorkflowBench, type StartedCheckout, type WorkflowBench } from '../support/temporal/workflows';

const checkouts = 48;
/** Local settling steps break about one run in a hundred. */
const trialCheckouts = 480;
const atOnce = 24;
const longestGapMs = 30;

/**
 * Another signal or an Update arrives while the workflow task of a first signal also answers Queries. With
 * `LOCAL_SETTLING=true`, this test tells whether the settling steps may be local activities (see `databaseSteps.ts`).
 */
describe('a checkout with concurrent Queries, signals and Updates', () => {
  let bench: WorkflowBench;
  const isTrial = triesLocalSettling();

  beforeAll(async () => {
    bench = await openWorkflowBench();
    await setAvailable(bench.database.store, trialCheckouts);
  });
  afterAll(() => bench.close());

  /**
   * Signals the run, and queries it from that moment until the settling step has ended. So some of the Queries reach the
   * worker in the same workflow task as the signal.
   */
  async function tell({ run }: StartedCheckout, status: string): Promise<void> {
    const keepQuerying = async (): Promise<void> => {
      const order = await run.query(checkoutQuery).catch(ignoreFullBuffer);
      if (order === undefined || order?.status === 'PENDING') await keepQuerying();
    };
    await Promise.all([run.signal(paymentSignal, { status, eventId: status }), keepQuerying()]);
  }

  /** Ignores the error of a run that has already ended. The api handles that error. */
  async function unlessEnded(work: Promise<unknown>): Promise<void> {
    await work.catch((error: Error) => {
      if (error.name !== 'WorkflowNotFoundError') throw error;
    });
  }

  /** Plays checkouts with different gaps between their messages. @returns their histories */
  async function playCheckouts(count: number): Promise<Record<string, HistoryJson>> {
    const histories: Record<string, HistoryJson> = {};
    const play = async (index: number): Promise<void> => {
      const checkout = await bench.checkout();
      const first = unlessEnded(tell(checkout, 'failed'));
      await delay((longestGapMs * index) / count);
      const second = index % 2 === 0 ? tell(checkout, 'paid') : checkout.run.executeUpdate(cancelUpdate);
      await Promise.all([first, unlessEnded(second)]);
      await checkout.run.result();
      histories[index] = await exportHistory(checkout.run);
    };
    const left = Array.from({ length: count }, (_, index) => index);
    const playLeft = async (): Promise<void> => {
      for (let index = left.pop(); index !== undefined; index = left.pop()) await play(index);
    };
    await Promise.all(Array.from({ length: atOnce }, playLeft));
    expect(Object.keys(histories)).toHaveLength(count);
    return histories;
  }

  it('can always be replayed', async () => {
    const workflowBundle = isTrial ? await bundleWithLocalSettling() : { codePath: sharedServers().bundlePath };
    if (isTrial) await bench.release(workflowBundle);
    const histories = await playCheckouts(isTrial ? trialCheckouts : checkouts);
    expect(namesOfFailed(histories)).toEqual([]);
    expect(await namesOfBroken(histories, workflowBundle)).toEqual([]);
  });

  /** Before you change the version here, try local settling steps with the new SDK (see `databaseSteps.ts`). */
  it('has been tried with this SDK', () => {
    expect(sdk.version).toMatch(/^1\.24\./);
  });
});

/** The worker fails a workflow task if it cannot replay the run. A later attempt can succeed. */
function namesOfFailed(histories: Record<string, HistoryJson>): string[] {
  return Object.keys(histories).filter((name) => JSON.stringify(histories[name]).includes('WORKFLOW_TASK_FAILED'));
}

/** Temporal keeps one Query of a run until the next workflow task, and refuses others meanwhile. */
function ignoreFullBuffer(error: unknown): undefined {
  if (!/query buffer is full/.test(inspect(error))) throw error;
}

async function bundleWithLocalSettling(): Promise<WorkflowBundle> {
  const copy = await copyRepository();
  try {
    const path = join(copy.path, 'workflows/src/databaseSteps.ts');
    const code = await readFile(path, 'utf8');
    const changed = code.replace('const settlingActivity = activity;', 'const settlingActivity = localActivity;');
    expect(changed).not.toBe(code);
    await writeFile(path, changed);
    return await bundleModule(join(copy.path, 'workflows/src/index.ts'));
  } finally {
    await copy.remove();
  }
}

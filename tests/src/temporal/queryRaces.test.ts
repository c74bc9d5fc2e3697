import { setTimeout as delay } from 'node:timers/promises';
import { cancelUpdate, orderIdQuery, paymentSignal } from '@widget-store/workflows/messages';
import { setAvailable } from '../support/store/database';
import { sharedServers } from '../support/env';
import { exportHistory, type HistoryJson } from '../support/histories/histories';
import { namesOfBroken } from '../support/histories/replayHistories';
import { openWorkflowBench, type StartedCheckout, type WorkflowBench } from '../support/temporal/workflows';

const checkouts = 48;
const atOnce = 4;
const longestGapMs = 30;

/**
 * Another signal or an Update arrives while the workflow task of a first signal also answers Queries. When the steps of
 * such tasks were still local activities, one run in three could not be replayed (see `databaseSteps.ts`).
 */
describe('a checkout with concurrent Queries, signals and Updates', () => {
  let bench: WorkflowBench;

  beforeAll(async () => {
    bench = await openWorkflowBench();
    await setAvailable(bench.database.store, checkouts);
  });
  afterAll(() => bench.close());

  /** Signals the run, and then queries it until the order is decided, as the api does. */
  async function tell({ run }: StartedCheckout, status: string): Promise<void> {
    await run.signal(paymentSignal, { status, eventId: status });
    while ((await run.query(orderIdQuery)) === null) await delay(1);
  }

  /** Ignores the error of a run that has already ended. The api handles that error. */
  async function unlessEnded(work: Promise<unknown>): Promise<void> {
    await work.catch((error: Error) => {
      if (error.name !== 'WorkflowNotFoundError') throw error;
    });
  }

  it('can always be replayed', async () => {
    const histories: Record<string, HistoryJson> = {};
    const play = async (index: number): Promise<void> => {
      const checkout = await bench.checkout();
      const first = unlessEnded(tell(checkout, 'failed'));
      await delay((longestGapMs * index) / checkouts);
      const second = index % 2 === 0 ? tell(checkout, 'paid') : checkout.run.executeUpdate(cancelUpdate);
      await Promise.all([first, unlessEnded(second)]);
      await checkout.run.result();
      histories[index] = await exportHistory(checkout.run);
    };
    const left = Array.from({ length: checkouts }, (_, index) => index);
    const playAll = async (): Promise<void> => {
      for (let index = left.pop(); index !== undefined; index = left.pop()) await play(index);
    };
    await Promise.all(Array.from({ length: atOnce }, playAll));
    expect(Object.keys(histories)).toHaveLength(checkouts);
    expect(await namesOfBroken(histories, { codePath: sharedServers().bundlePath })).toEqual([]);
  });
});

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../support/random';
import { sharedServers } from '../support/env';
import { setAvailable } from '../support/store/database';
import { startTestStore, type TestStore } from '../support/store/store';
import { recordTicks } from '../support/store/ticks';
import { collectEvidence, emptyFolder, waitForQuiet, writeJson } from './collect';
import { files, readEvidence } from './evidence';
import { openHistory } from './history';
import { inspectorOf } from './inspector';
import { runLoad } from './load';
import { type InvariantName, judgeFolder } from './oracle';
import { hotProductId, planLoad, plentifulProductIds } from './plan';
import { commit, type MutantResults } from './report';
import { mutantsFile, runsFolder, writtenWhileRunning } from './run';
import { takeSnapshots } from './snapshots';

interface Mutant {
  name: string;
  /** The invariant that the bug must break. The bug may also break others. */
  breaks: InvariantName;
  /** SQL that drops the database constraint that would prevent the bug. */
  drop?: string;
  /** A pattern for the anomaly's text. Set if a slow store could break the same invariant without the bug. */
  says?: RegExp;
  /**
   * True if all orders still end with this bug. The test then waits for their end, because the anomaly appears only
   * afterwards.
   */
  ends?: boolean;
}

const mutants: Mutant[] = [
  { name: 'noDedupe', breaks: 'I2', drop: 'drop index orders_idempotency_key_key' },
  { name: 'answerBeforeCommit', breaks: 'I4' },
  {
    name: 'unlockedStockRead',
    breaks: 'I1',
    drop: 'alter table products drop constraint products_inventory_not_negative',
  },
  { name: 'bareRelease', breaks: 'I1' },
  // Even without the bug, the gateway keeps the money for a moment before the refund. Only an order that is shown as
  // `refunded` proves the bug.
  { name: 'expiryWithoutRefund', breaks: 'I3', says: /\(CANCELLED, refunded\): the gateway keeps/ },
  { name: 'doubleTick', breaks: 'I10', ends: true },
];

const seed = 1;
const durationMs = 4000;
const checkoutsPerSecond = 15;
/**
 * The payment window, which is longer if all orders must end, so that some shoppers pay in time even on a slow machine.
 */
const paymentWindowMs = { ends: 6000, neverEnds: 2000 };
/** The longest wait for the end of all orders. With some mutants, some orders never end. */
const quietMs = { ends: 30_000, neverEnds: 2000 };

/** Proves that the oracle finds bugs: each mutant is the store with one bug, which the oracle must find. */
describe('the oracle', () => {
  const caught: string[] = [];

  it('finds no anomaly in the same load without a bug', async () => {
    expect(await playWith({ name: 'none', mutant: undefined, ends: true })).toEqual([]);
    const { database, operations } = readEvidence(join(runsFolder, 'mutants', 'none'));
    expect(new Set(database.orders.map(({ status }) => status))).toEqual(new Set(['DISPATCHED', 'CANCELLED']));
    expect(operations.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThan(100);
  });

  it.each(mutants)('finds the bug $name', async (mutant) => {
    const anomalies = await playWith({ ...mutant, mutant: mutant.name });
    const telling = anomalies.filter(({ what }) => mutant.says?.test(what) ?? true);
    expect(telling.map(({ invariant }) => invariant)).toContain(mutant.breaks);
    caught.push(mutant.name);
  });

  afterAll(() => {
    const result: MutantResults = { commit: commit(), caught: caught.length, of: mutants.length };
    writeJson(runsFolder, mutantsFile, result);
  });
});

async function playWith({
  name,
  mutant,
  drop,
  ends = false,
}: Pick<Mutant, 'name' | 'drop' | 'ends'> & { mutant: string | undefined }) {
  const folder = join(runsFolder, 'mutants', name);
  mkdirSync(runsFolder, { recursive: true });
  emptyFolder(folder, writtenWhileRunning);
  const store = await startTestStore({
    demo: false,
    paymentWindowMs: ends ? paymentWindowMs.ends : paymentWindowMs.neverEnds,
    worker: { tickMs: 100, ...(mutant && { mutant }) },
  });
  try {
    if (drop !== undefined) await store.sql.unsafe(drop);
    await stock(store);
    await play(store, { name, folder });
    const sources = { store, inspect: inspectorOf(store.databaseUrl), taskQueue: store.taskQueue };
    await waitForQuiet(sources, folder, { deadlineMs: ends ? quietMs.ends : quietMs.neverEnds });
    await collectEvidence(sources, folder);
  } finally {
    // With some mutants, activities never end, and a worker that shuts down would wait for them.
    await store.processes.worker.stop({ graceMs: 0 });
    await store.close();
  }
  return judgeFolder(folder, sharedServers());
}

/** Stocks so few units of the popular product that it sells out. */
async function stock({ store, sql }: TestStore): Promise<void> {
  await recordTicks(sql);
  await setAvailable(store, 4);
  for (const productId of plentifulProductIds) await store.restock({ productId, available: 10_000 });
  expect((await store.readProduct(hotProductId))?.inventory).toBe(4);
}

async function play(store: TestStore, { name, folder }: { name: string; folder: string }): Promise<void> {
  const { gatewayUrl, gatewayApiKey, webhookSecret, adminToken, apiUrl, databaseUrl } = store;
  const random = seededRandom(seed);
  const ended = new AbortController();
  const load = runLoad({
    plan: planLoad({ random: random.fork(), name, durationMs, checkoutsPerSecond }),
    durationMs,
    apiUrls: [apiUrl],
    shop: { gatewayUrl, gatewayApiKey, webhookSecret, adminToken },
    history: openHistory(join(folder, files.history)),
    random,
    patienceMs: 4000,
  }).finally(() => ended.abort());
  await Promise.all([
    load,
    takeSnapshots(inspectorOf(databaseUrl), { file: join(folder, files.snapshots), stop: ended.signal }),
  ]);
}

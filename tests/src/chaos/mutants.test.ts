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
import { commit, type PlantedBugs } from './report';
import { plantedBugsName, runsFolder, writtenWhileRunning } from './run';
import { takeSnapshots } from './snapshots';
import { programs } from './stage';

interface Plant {
  name: string;
  /** Broken by it for certain; it may break others too. */
  breaks: InvariantName;
  /** What would stop it in the database. */
  drop?: string;
  /** Of the anomaly, where a store that is merely slow would break the invariant too. */
  says?: RegExp;
  /** It leaves no work that is never done, and shows in what is done, which takes a slow machine its time. */
  ends?: boolean;
}

const plants: Plant[] = [
  { name: 'noDedupe', breaks: 'I2', drop: 'drop index orders_idempotency_key_key' },
  { name: 'answerBeforeCommit', breaks: 'I4' },
  {
    name: 'unlockedStockRead',
    breaks: 'I1',
    drop: 'alter table products drop constraint products_inventory_not_negative',
  },
  { name: 'bareRelease', breaks: 'I1' },
  // A refund that is under way keeps the money for a moment, and says so.
  { name: 'expiryWithoutRefund', breaks: 'I3', says: /\(CANCELLED, refunded\): the gateway keeps/ },
  { name: 'doubleTick', breaks: 'I10', ends: true },
];

const seed = 1;
const durationMs = 4000;
const checkoutsPerSecond = 15;
const paymentWindowMs = 2000;
/** At most: who has nothing left to do is done long before. A planted bug may leave work that is never done. */
const quietMs = { ends: 30_000, neverEnds: 2000 };

/** An oracle that has never found anything proves nothing: each bug is planted, and must be found. */
describe('planted bugs', () => {
  const caught: string[] = [];

  it('the same load without a bug has no anomaly', async () => {
    expect(await playWith({ name: 'none', ends: true })).toEqual([]);
    const { database, operations } = readEvidence(join(runsFolder, 'plants', 'none'));
    expect(new Set(database.orders.map(({ status }) => status))).toEqual(new Set(['DISPATCHED', 'CANCELLED']));
    expect(operations.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThan(100);
  });

  it.each(plants)('$name is caught', async (plant) => {
    const anomalies = await playWith(plant);
    const telling = anomalies.filter(({ what }) => plant.says?.test(what) ?? true);
    expect(telling.map(({ invariant }) => invariant)).toContain(plant.breaks);
    caught.push(plant.name);
  });

  afterAll(() => {
    const result: PlantedBugs = { commit: commit(), caught: caught.length, of: plants.length };
    writeJson(runsFolder, plantedBugsName, result);
  });
});

/** Plays a short load on a store whose worker has the bug, and judges it. */
async function playWith({ name, drop, ends = false }: Pick<Plant, 'name' | 'drop' | 'ends'>) {
  const folder = join(runsFolder, 'plants', name);
  mkdirSync(runsFolder, { recursive: true });
  emptyFolder(folder, writtenWhileRunning);
  const store = await startTestStore({
    demo: false,
    paymentWindowMs,
    programs: { worker: join(programs, 'mutantWorker.js') },
    extraEnvironment: { worker: { CHAOS_PLANT: name } },
  });
  try {
    if (drop !== undefined) await store.sql.unsafe(drop);
    await stock(store);
    await play(store, { name, folder });
    const sources = { store, inspect: inspectorOf(store.databaseUrl), taskQueue: store.taskQueue };
    await waitForQuiet(sources, folder, { deadlineMs: ends ? quietMs.ends : quietMs.neverEnds });
    await collectEvidence(sources, folder);
  } finally {
    // A worker that is asked to end waits for what a planted bug never lets end.
    await store.processes.worker.stop({ graceMs: 0 });
    await store.close();
  }
  return judgeFolder(folder, sharedServers());
}

/** So little of the product that everybody wants that it sells out. */
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

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { seededRandom } from '../support/random';
import { sharedServers } from '../support/env';
import { setAvailable } from '../support/store/database';
import { startTestStore, type TestStore } from '../support/store/store';
import { recordTicks } from '../support/store/ticks';
import { collectEvidence, emptyFolder, type Sources, waitForQuiet, writeJson } from './collect';
import { type Evidence, files, readEvidence } from './evidence';
import { openHistory } from './historyFile';
import { inspectorOf } from './inspector';
import { runLoad } from './load';
import { judge, judgeFolder, judgePrivacy } from './oracle';
import { type Mutant, mutants } from './mutants';
import { hotProductId, type LoadPlan, planLoad, plentifulProductIds } from './plan';
import { commit, type MutantResults } from './report';
import { mutantsFile, runsFolder, writtenWhileRunning } from './run';
import { takeSnapshots } from './snapshots';
import { startUnreliableReceiver } from './unreliableReceiver';

const seed = 1;
const durationMs = 5000;
const checkoutsPerSecond = 3;
/** Long enough for shoppers to pay in time on a slow machine. */
const paymentWindowMs = 12_000;
/**
 * Shoppers can continue for `patienceMs` after the last shopper has arrived. After the last shopper has ended, the test
 * waits at most `quietMs` until all work is done, or until every bug is found. Both are long enough for a slow machine.
 */
const patienceMs = 60_000;
const quietMs = 60_000;
const slowestMs = 300_000;

/**
 * Proves that the oracle finds bugs. One store has all the bugs. Each bug affects only the orders of its own shoppers,
 * and the oracle must find each bug.
 */
describe('the oracle', () => {
  it(
    'finds no anomaly in a load without bugs',
    async () => {
      expect(await playOn('sound', (folder) => judgeFolder(folder, sharedServers()))).toEqual([]);
      const { database, operations } = readEvidence(folderOf('sound'));
      expect(new Set(database.orders.map(({ status }) => status))).toEqual(new Set(['DISPATCHED', 'CANCELLED']));
      expect(operations.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThan(100);
      expect(operations.some(({ f, outcome }) => f === 'ship' && outcome === 'ok')).toBe(true);
    },
    slowestMs,
  );

  describe('finds the bug', () => {
    const caught = new Set<string>();

    beforeAll(async () => {
      await playOn('buggy', async (folder, sources) => {
        // With some bugs, orders never end. So the test waits until every bug is found, and not until all work is done.
        for (const endMs = Date.now() + quietMs; Date.now() < endMs && caught.size < mutants.length;) {
          await collectEvidence(sources, folder);
          for (const mutant of mutants) if (isCaught(mutant, folder)) caught.add(mutant.name);
        }
      });
    }, slowestMs);
    afterAll(() => {
      const result: MutantResults = { commit: commit(), caught: caught.size, of: mutants.length };
      writeJson(runsFolder, mutantsFile, result);
    });

    it.each(mutants)('$name', ({ name }) => {
      expect([...caught]).toContain(name);
    });
  });
});

type Kind = 'sound' | 'buggy';

const folderOf = (kind: Kind): string => join(runsFolder, 'mutants', kind);

/** Returns true if the oracle finds the anomaly of this bug in an order that has the bug. */
function isCaught({ name, breaks, says = /./, names }: Mutant, folder: string): boolean {
  const evidence = readEvidence(folder);
  const ids = names === undefined ? idsOf(name, evidence) : [names];
  return [...judge(evidence), ...judgePrivacy(folder)].some(
    ({ invariant, what }) => invariant === breaks && says.test(what) && ids.some((id) => what.includes(id)),
  );
}

/** Returns the ids and the keys of the orders that have this bug. */
function idsOf(name: string, { database, operations }: Evidence): string[] {
  const isBuggy = (key = ''): boolean => key.includes(`-${name}-`);
  return [
    ...database.orders.filter(({ key }) => isBuggy(key)).flatMap(({ orderId, key }) => [orderId, key]),
    ...operations.flatMap(({ request, response }) => (isBuggy(request.key) ? (response.orderId ?? []) : [])),
  ];
}

/** Runs a short load on a store, and judges the run before the store stops. */
async function playOn<Result>(
  kind: Kind,
  judgeRun: (folder: string, sources: Sources) => Promise<Result>,
): Promise<Result> {
  const folder = folderOf(kind);
  mkdirSync(runsFolder, { recursive: true });
  emptyFolder(folder, writtenWhileRunning);
  const bugs = join(repositoryRoot, 'tests/programs/mutants.js');
  const worker = { tickMs: 100, ...(kind === 'buggy' && { bugs }) };
  const { receiver, environment } = await startUnreliableReceiver(folder, seededRandom(seed));
  const extraEnvironment = { worker: { ...environment, COLLECT_ADDRESS: 'DE,GB,US' } };
  const store = await startTestStore({ demo: false, paymentWindowMs, worker, extraEnvironment });
  try {
    if (kind === 'buggy') for (const { sql } of mutants) if (sql !== undefined) await store.sql.unsafe(sql);
    await stock(store);
    await store.sql.unsafe(manualOrders);
    await play(store, kind);
    const sources = { store, receiver, inspect: inspectorOf(store.databaseUrl), taskQueue: store.taskQueue };
    await waitForQuiet(sources, folder, { deadlineMs: kind === 'sound' ? quietMs : 0 });
    if (kind === 'sound') await collectEvidence(sources, folder);
    writeFileSync(join(folder, files.log), store.lines.join('\n'));
    return await judgeRun(folder, sources);
  } finally {
    // With some bugs, activities never end. Without `graceMs: 0`, the worker would wait for them when it shuts down.
    await store.processes.worker.stop({ graceMs: 0 });
    await store.close();
    await receiver.close();
  }
}

/**
 * Gives manual fulfilment to every second order of the load without bugs, and to the orders with the bug
 * `shippedTwice`.
 */
const manualOrders = `
  create function choose_fulfilment() returns trigger language plpgsql as $$ begin
    if new.idempotency_key ~ '^sound-[0-9]*[02468]$|-shippedTwice-' then new.fulfilment := 'manual'; end if;
    return new;
  end $$;
  create trigger choose_fulfilment before insert on orders for each row execute function choose_fulfilment()`;

/** Stocks so few units of the popular product that it sells out. */
async function stock({ store, sql }: TestStore): Promise<void> {
  await recordTicks(sql);
  await setAvailable(store, 4);
  for (const productId of plentifulProductIds) await store.restock({ productId, available: 10_000 });
  expect((await store.readProduct(hotProductId))?.inventory).toBe(4);
}

/** Plans shoppers of all kinds. Also plans, for each bug, the shoppers whose orders have the bug. */
function planAll(kind: Kind): LoadPlan {
  const random = seededRandom(seed);
  const plan = planLoad({ random: random.fork(), name: kind, durationMs, checkoutsPerSecond });
  const ofBugs = mutants.flatMap((mutant) => {
    const perSecond = (mutant.shoppers * 1000) / durationMs;
    const name = `${kind}-${mutant.name}`;
    const { shoppers } = planLoad({ random: random.fork(), name, durationMs, checkoutsPerSecond: perSecond });
    const lines = [{ productId: plentifulProductIds[0] ?? 0, quantity: 2 }];
    return shoppers.map((shopper) => ({ ...shopper, kind: mutant.kind, lines, ...mutant.plan }));
  });
  return { ...plan, shoppers: [...plan.shoppers, ...ofBugs] };
}

async function play(store: TestStore, kind: Kind): Promise<void> {
  const { gatewayUrl, gatewayApiKey, webhookSecret, adminToken, apiUrl, databaseUrl } = store;
  const folder = folderOf(kind);
  const ended = new AbortController();
  const load = runLoad({
    plan: planAll(kind),
    durationMs,
    apiUrls: [apiUrl],
    shop: { gatewayUrl, gatewayApiKey, webhookSecret, adminToken },
    history: openHistory(join(folder, files.history)),
    random: seededRandom(seed),
    patienceMs,
  }).finally(() => ended.abort());
  await Promise.all([
    load,
    takeSnapshots(inspectorOf(databaseUrl), { file: join(folder, files.snapshots), stop: ended.signal }),
  ]);
}

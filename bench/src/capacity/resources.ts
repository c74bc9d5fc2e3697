import type { ContestantName } from '../contestant';
import { assumptions } from './assumptions';
import type { HistoryCost } from './historyCost';

type PerOrder = Record<'declined' | 'paid', number>;

/** A resource that orders use, such as CPU, disk space or a lock. */
export interface Resource {
  /** The name, followed by the units of `perOrder` and `needed`, as in `api: CPU ms; cores`. */
  name: string;
  perOrder: PerOrder;
  /** @param perSecond the amount that all orders of one second use */
  needed: (perSecond: number) => number;
  /** The amount that one lock, server or quota can provide in a second. Undefined if no such limit applies. */
  capacityPerSecond?: number;
}

export type Figure = (contestant: ContestantName, measure: string) => number;
/** The recorded runs: a declined checkout, a paid checkout, and the dispatch that the paid checkout starts. */
export type Histories = Record<'declined' | 'paid' | 'dispatch', HistoryCost>;

/** The api's calls to Temporal for one order: Update-with-Start, Query and Signal-with-Start. */
const apiCalls = 3;
/**
 * The Queries for one order: the api sends one at the checkout. If another api process gets the webhook, that process
 * sends a second Query, which the model leaves out.
 */
const queries = 1;
/**
 * The heartbeats of a dispatch, which takes ten seconds. The SDK sends the first heartbeat immediately, and then one
 * every 4 s (four fifths of the timeout of 5 s).
 */
const heartbeats = 3;
/** The ticks of a dispatch. Each tick updates the order's row, and a trigger of the table then sends a notification. */
const ticks = 10;
/**
 * The commits of an order. A declined order is placed and cancelled. A paid order is placed and marked as paid, and
 * each tick of its dispatch is one more commit.
 */
const commits: PerOrder = { declined: 2, paid: 2 + ticks };
/** The commits that send a notification: all except the one that inserts the order. */
const notifications: PerOrder = { declined: 1, paid: 1 + ticks };
const rowLocks: PerOrder = { declined: 2, paid: 1 };
/** The writes of Temporal that the client of a declined order waits for: three at the checkout, four at the webhook. */
const awaitedWrites = 7;

export function resourcesOf(figure: Figure, histories: Histories): Resource[] {
  return [...cpuOf(figure), ...temporalOf(figure, histories), ...postgresOf(figure), ...diskOf(figure, histories)];
}

/**
 * In `store-file`, Postgres stores only orders. In `store-postgres`, it stores Temporal's runs too. So the CPU that
 * Postgres uses for Temporal is its CPU in `store-postgres` minus its CPU in `store-file`.
 */
function cpuOf(figure: Figure): Resource[] {
  const { busyShare, postgresCores } = assumptions;
  const cpuMs = (contestant: ContestantName, process: string): PerOrder => ({
    declined: figure(contestant, `declined.cpuMs.${process}`),
    paid: figure(contestant, `paid.cpuMs.${process}`),
  });
  const cores = (name: string, perOrder: PerOrder): Resource => ({
    name: `${name}: CPU ms; cores`,
    perOrder,
    needed: (perSecond) => Math.ceil(perSecond / 1000 / busyShare),
  });
  const store = cpuMs('store-file', 'postgres');
  const both = cpuMs('store-postgres', 'postgres');
  const temporal = { declined: both.declined - store.declined, paid: both.paid - store.paid };
  const capacityPerSecond = postgresCores * busyShare * 1000;
  return [
    cores('api', cpuMs('store-postgres', 'api')),
    cores('worker', cpuMs('store-postgres', 'worker')),
    cores('Temporal server', cpuMs('store-postgres', 'temporal')),
    { ...cores("the store's Postgres", store), capacityPerSecond },
    { ...cores("Temporal's Postgres", temporal), capacityPerSecond },
  ];
}

function temporalOf(figure: Figure, histories: Histories): Resource[] {
  const { busyShare, requestsPerSecondPerFrontend } = assumptions;
  const perOrder = runsPerOrder(histories);
  const aloneMs = (name: ContestantName): number => figure(name, 'alone.checkoutMs') + figure(name, 'alone.webhookMs');
  const shardWriteMs = (aloneMs('store-postgres') - aloneMs('store-file')) / awaitedWrites;
  return [
    {
      name: 'requests to Temporal, polls included: number; frontends',
      // A worker makes two requests for each task and Query: a poll and an answer.
      perOrder: perOrder((run) => 2 * (run.workflowTasks + run.activityTasks) + run.heartbeats, apiCalls + 2 * queries),
      needed: (perSecond) => Math.ceil(perSecond / busyShare / requestsPerSecondPerFrontend),
      capacityPerSecond: requestsPerSecondPerFrontend,
    },
    {
      name: 'writes to history shards: number; shards',
      perOrder: perOrder(shardWritesOf),
      needed: (perSecond) => shardsFor((perSecond * shardWriteMs) / 1000),
      capacityPerSecond: (assumptions.historyShards * 1000) / shardWriteMs,
    },
    {
      name: 'visibility writes: number; a second',
      perOrder: perOrder((run) => run.visibilityWrites),
      needed: (perSecond) => perSecond,
      capacityPerSecond: assumptions.visibilityWritesPerSecond,
    },
    {
      name: 'actions at Temporal Cloud: number; a second',
      // `run.actions` includes the start of the dispatch, but neither the start of the checkout nor the Queries. So the
      // start of the checkout and the Queries are added here.
      perOrder: perOrder((run) => run.actions + run.heartbeats, 1 + queries),
      needed: (perSecond) => perSecond,
      capacityPerSecond: assumptions.cloudActionsPerSecond,
    },
  ];
}

/**
 * Returns two locks as resources: NOTIFY's lock and the lock of a product's row. Only one transaction at a time can
 * hold such a lock, and the transaction holds the lock until its commit is on disk.
 */
function postgresOf(figure: Figure): Resource[] {
  return [
    {
      name: 'commits that notify: number; a second',
      perOrder: notifications,
      needed: (perSecond) => perSecond,
      capacityPerSecond: figure('plain', 'limits.notifyPerSecond'),
    },
    {
      name: 'locks of one product, if every order buys it: number; a second',
      perOrder: rowLocks,
      needed: (perSecond) => perSecond,
      capacityPerSecond: figure('plain', 'limits.rowPerSecond'),
    },
  ];
}

function diskOf(figure: Figure, histories: Histories): Resource[] {
  const { retentionDays, storedBytesPerRun, walBytesPerSecond } = assumptions;
  const perOrder = runsPerOrder(histories);
  const daySeconds = 86_400;
  const wal = (name: string, bytes: PerOrder): Resource => ({
    name: `${name}: KB; MB a second`,
    perOrder: kilobytes(bytes),
    needed: (kilobytesPerSecond) => kilobytesPerSecond / 1000,
    capacityPerSecond: walBytesPerSecond / 1000,
  });
  const storeWal = figure('store-file', 'limits.declinedWalBytes');
  const temporalWal = figure('store-postgres', 'limits.declinedWalBytes') - storeWal;
  const stored = figure('store-grown', 'limits.storedBytesAnOrder');
  return [
    wal("the store's WAL", scaled(commits, storeWal)),
    wal("Temporal's WAL", scaled(perOrder(shardWritesOf), temporalWal)),
    {
      name: 'orders on disk: KB; GB a day',
      perOrder: kilobytes({ declined: stored, paid: stored }),
      needed: (kilobytesPerSecond) => (kilobytesPerSecond * daySeconds) / 1e6,
    },
    {
      name: `closed runs on disk: KB; GB of ${retentionDays} days`,
      perOrder: kilobytes(perOrder((run) => run.historyBytes + storedBytesPerRun)),
      needed: (kilobytesPerSecond) => (kilobytesPerSecond * daySeconds * retentionDays) / 1e6,
    },
  ];
}

function kilobytes({ declined, paid }: PerOrder): PerOrder {
  return { declined: declined / 1000, paid: paid / 1000 };
}

interface Run extends HistoryCost {
  /** Heartbeats, which are not in the history. */
  heartbeats: number;
}

/** Returns a function that adds up an amount over an order's runs, and then adds `ofCheckout`. */
function runsPerOrder({ declined, paid, dispatch }: Histories) {
  return (amount: (run: Run) => number, ofCheckout = 0): PerOrder => {
    const checkout = (run: HistoryCost): number => ofCheckout + amount({ ...run, heartbeats: 0 });
    return { declined: checkout(declined), paid: checkout(paid) + amount({ ...dispatch, heartbeats }) };
  };
}

function shardWritesOf(run: Run): number {
  return run.shardWrites + run.heartbeats;
}

/**
 * Returns the bytes of WAL for an order. The bytes for a declined order were measured. The bytes for a paid order are
 * estimated from how many more writes a paid order makes.
 */
function scaled({ declined, paid }: PerOrder, measured: number): PerOrder {
  return { declined: measured, paid: (measured * paid) / declined };
}

/**
 * Returns the number of shards to create. The number of shards can never be changed, so it is rounded up to a power of
 * two, which leaves some reserve.
 */
function shardsFor(busyShards: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, busyShards / assumptions.busyShardShare)));
}

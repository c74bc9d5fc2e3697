import type { ContestantName } from '../contestant';
import { assumptions } from './assumptions';
import type { HistoryCost } from './historyCost';

type PerOrder = Record<'declined' | 'paid', number>;

/** Something that orders use up. */
export interface Resource {
  /** With the unit of one order, and the unit of what a rate needs. */
  name: string;
  perOrder: PerOrder;
  /** @param perSecond what all orders of a second use */
  needed: (perSecond: number) => number;
  /** How much a second one lock, server or quota has; undefined where another process adds more. */
  capacityPerSecond?: number;
}

/** A figure of the benchmark's results. */
export type Figure = (contestant: ContestantName, measure: string) => number;
/** Recorded runs: a declined checkout, a paid one, and the dispatch that the paid one starts. */
export type Histories = Record<'declined' | 'paid' | 'dispatch', HistoryCost>;

/** Update-with-Start, Query and Signal-with-Start: the api's calls to Temporal for one order. */
const apiCalls = 3;
/** The api asks the checkout once. A webhook at another api process asks once more. */
const queries = 1;
/** The SDK sends the first heartbeat at once, then one every four fifths of the timeout of 5 s, for ten seconds. */
const heartbeats = 3;
/** Each is an UPDATE of the order's row, and its trigger notifies. */
const ticks = 10;
/** Placing and cancelling; placing, marking as paid and the ticks. */
const commits: PerOrder = { declined: 2, paid: 2 + ticks };
/** An INSERT does not notify. */
const notifications: PerOrder = { declined: 1, paid: 1 + ticks };
const rowLocks: PerOrder = { declined: 2, paid: 1 };
/** Writes of Temporal that a declined order awaits: three until the checkout is answered, four in the webhook. */
const awaitedWrites = 7;

/** Everything that a rate of orders needs. */
export function resourcesOf(figure: Figure, histories: Histories): Resource[] {
  return [...cpuOf(figure), ...temporalOf(figure, histories), ...postgresOf(figure), ...diskOf(figure, histories)];
}

/** The Postgres of `store-file` holds no runs; what that of `store-postgres` uses beyond it is Temporal's. */
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
      // A worker polls for each task and Query, and answers it.
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
      // Beside those of the history: the start of the checkout. Its history counts the start of the dispatch.
      perOrder: perOrder((run) => run.actions + run.heartbeats, 1 + queries),
      needed: (perSecond) => perSecond,
      capacityPerSecond: assumptions.cloudActionsPerSecond,
    },
  ];
}

/** Locks that only one transaction holds, each until its commit is on disk. */
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
  /** Not in the history. */
  heartbeats: number;
}

/** Adds up the runs of an order. */
function runsPerOrder({ declined, paid, dispatch }: Histories) {
  return (amount: (run: Run) => number, ofCheckout = 0): PerOrder => {
    const checkout = (run: HistoryCost): number => ofCheckout + amount({ ...run, heartbeats: 0 });
    return { declined: checkout(declined), paid: checkout(paid) + amount({ ...dispatch, heartbeats }) };
  };
}

function shardWritesOf(run: Run): number {
  return run.shardWrites + run.heartbeats;
}

/** Bytes in proportion to writes, from what those of a declined order were measured to be. */
function scaled({ declined, paid }: PerOrder, measured: number): PerOrder {
  return { declined: measured, paid: (measured * paid) / declined };
}

/** A power of two: the number can never be changed, so it is rounded up generously. */
function shardsFor(busyShards: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, busyShards / assumptions.busyShardShare)));
}

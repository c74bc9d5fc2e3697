import type { ContestantName } from '../contestant';

/** A contestant, and the measures whose figures are added up. */
export type Side = [ContestantName, ...measures: string[]];

/** Two figures of the benchmark that are compared, and the goal of this project for their ratio. */
export interface Comparison {
  name: string;
  what: string;
  ours: Side;
  /** The other figure. A number is a limit, for example of milliseconds, and not a measurement. */
  theirs: Side | number;
  /** If true, a lower figure is better, and the ratio is `theirs` divided by `ours`. */
  isCost?: boolean;
  /** A factor for the value of `theirs`; 1 by default. */
  times?: number;
  /** The least value that the ratio should have. Undefined if this project has no goal for it. */
  goal?: number;
}

const alone = ['alone.checkoutMs', 'alone.webhookMs'];
const flat = 1 / 1.1;
const floorGoal = 0.9;
const readsGoal = 0.9;

const [orders, requests, oneClient] = [
  'orders a second',
  'requests a second',
  'ms of checkout and webhook, one client',
];
const tenThousand = '10,000 checkouts open';

/** This store against the same store on DBOS, at equal durability. The picture shows these comparisons. */
export const againstDbos: Comparison[] = [
  { ...dbos('declined', orders, 'declined.perSecond'), goal: 0.3 },
  { ...dbos('paid', orders, 'paid.perSecond'), goal: 0.45 },
  cost(dbos('latency', oneClient, ...alone)),
  cost(dbos('burst', 'ms until the last of 500 shoppers has an order', 'burst.lastOrderMs')),
  dbos('waiting, declined', `${orders}, ${tenThousand}`, 'waiting.10k.declinedPerSecond'),
  cost(dbos('waiting, memory', `MB, ${tenThousand}`, 'waiting.10k.memoryMb')),
  { ...cost(dbos('waiting, idle CPU', `CPU ms a second, ${tenThousand}`, 'waiting.10k.idleCpuMsPerSecond')), goal: 5 },
  cost(dbos('waiting, a new checkout after a kill', `ms, ${tenThousand}`, 'waiting.10k.killed.newCheckoutMs')),
  cost(dbos('waiting, an old payment after a kill', `ms (p99), ${tenThousand}`, 'waiting.10k.killed.p99OldPaymentMs')),
];

/** All comparisons, in the order of the table. */
export const comparisons: Comparison[] = [
  ...againstDbos,
  { ...onFile('declined', 'declined.perSecond'), goal: 0.4 },
  { ...onFile('paid', 'paid.perSecond'), goal: 0.55 },
  {
    name: 'latency at equal durability',
    what: oneClient,
    goal: 1,
    isCost: true,
    ours: ['store-postgres', ...alone],
    theirs: 45,
  },
  steadyLatency('store-postgres'),
  steadyLatency('store-file'),
  floor('declined', 'store-file', 'bare-file'),
  floor('declined', 'store-postgres', 'bare-postgres'),
  floor('paid', 'store-file', 'bare-file'),
  floor('paid', 'store-postgres', 'bare-postgres'),
  {
    ...compare('reading a product, to plain', requests, ['store-file', 'plain'], ['reads.productPerSecond']),
    goal: readsGoal,
  },
  {
    ...compare('reading an order, to plain', requests, ['store-file', 'plain'], ['reads.orderPerSecond']),
    goal: readsGoal,
  },
  grown('declined', orders, ['declined.perSecond']),
  cost(grown('latency', oneClient, alone)),
  grown('reading a product', requests, ['reads.productPerSecond']),
  grown('reading an order', requests, ['reads.orderPerSecond']),
  {
    name: 'hot product',
    what: `${orders}, 200 buyers of one product to 200 of different ones`,
    goal: 0.9,
    ours: ['store-file', 'hot.onePerSecond'],
    theirs: ['store-file', 'hot.eachPerSecond'],
  },
  {
    ...compare('two apis and two workers', orders, ['store-replicated', 'store-file'], ['replicas.perSecond']),
    goal: 1,
  },
  waitingLimit('memory of the worker', 'MB', 'workerMb', 400),
  waitingLimit('the first old payment after a kill', 'ms', 'killed.firstOldPaymentMs', 2000),
  waitingGrowth('idle CPU', 'CPU ms a second', 'idleCpuMsPerSecond', 1 / 1.5),
  waitingGrowth('the first old payment after a kill', 'ms', 'killed.firstOldPaymentMs', flat),
];

/** Compares the same measures of two contestants. */
function compare(
  name: string,
  what: string,
  [ours, theirs]: [ContestantName, ContestantName],
  measures: string[],
): Comparison {
  return { name, what, ours: [ours, ...measures], theirs: [theirs, ...measures] };
}

function cost(comparison: Comparison): Comparison {
  return { ...comparison, isCost: true };
}

function dbos(name: string, what: string, ...measures: string[]): Comparison {
  return compare(`${name}, to DBOS`, what, ['store-postgres', 'dbos'], measures);
}

function onFile(name: string, measure: string): Comparison {
  return compare(`${name}, to DBOS, Temporal on a file`, orders, ['store-file', 'dbos'], [measure]);
}

function steadyLatency(own: 'store-file' | 'store-postgres'): Comparison {
  return {
    name: `steady latency of ${own}`,
    what: '4 x p50 / p99 at half load',
    goal: 1,
    isCost: true,
    times: 4,
    ours: [own, 'halfLoad.p99Ms'],
    theirs: [own, 'halfLoad.p50Ms'],
  };
}

function floor(scenario: 'declined' | 'paid', own: ContestantName, bare: ContestantName): Comparison {
  const compared = compare(`${scenario}, ${own} to ${bare}`, 'CPU ms an order', [own, bare], [`${scenario}.cpuMs`]);
  return { ...cost(compared), goal: floorGoal };
}

function grown(name: string, what: string, measures: string[]): Comparison {
  return { ...compare(`flat growth, ${name}`, what, ['store-grown', 'store-file'], measures), goal: flat };
}

function waitingLimit(name: string, unit: string, measure: string, limit: number): Comparison {
  const ours: Side = ['store-postgres', `waiting.10k.${measure}`];
  return { name: `waiting, ${name}`, what: `${unit}, ${tenThousand}`, goal: 1, isCost: true, ours, theirs: limit };
}

function waitingGrowth(name: string, unit: string, measure: string, goal: number): Comparison {
  return {
    name: `waiting, flat growth, ${name}`,
    what: `${unit}, 10,000 and 1,000 checkouts open`,
    goal,
    isCost: true,
    ours: ['store-postgres', `waiting.10k.${measure}`],
    theirs: ['store-postgres', `waiting.1k.${measure}`],
  };
}

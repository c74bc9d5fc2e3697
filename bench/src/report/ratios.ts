import type { ContestantName } from '../contestant';
import type { Results } from '../results';

/** One of the goals, and how far it was reached. Every ratio is made so that more is better. */
interface Ratio {
  value: number;
  /** The least that it should be. */
  goal: number;
  /** What was divided by what, with its unit. */
  what: string;
  ours: number;
  theirs: number;
}

export type Ratios = Record<string, Ratio>;

type Rule = {
  name: string;
  what: string;
  goal: number;
  ours: [ContestantName, string | string[]];
  theirs: [ContestantName, string | string[]];
  /** Of a time or a cost, less is better: the ratio is then theirs by ours. */
  isCost?: boolean;
  /** What theirs is multiplied by. */
  times?: number;
};

const alone = ['alone.checkoutMs', 'alone.webhookMs'];
const durable = 'store-postgres';
const onFile = 'store-file';
const cpu = 1 / 1.15;
const flat = 1 / 1.1;

/** The goals of this project, as rules over what was measured. */
const rules: Rule[] = [
  ...versus(durable, 'equal durability'),
  ...versus(onFile, 'Temporal on its file'),
  {
    name: 'steady latency, Temporal on its file',
    what: '4 x p50 / p99 at half load',
    goal: 1,
    isCost: true,
    times: 4,
    ours: [onFile, 'halfLoad.p99Ms'],
    theirs: [onFile, 'halfLoad.p50Ms'],
  },
  {
    name: 'steady latency, equal durability',
    what: '4 x p50 / p99 at half load',
    goal: 1,
    isCost: true,
    times: 4,
    ours: [durable, 'halfLoad.p99Ms'],
    theirs: [durable, 'halfLoad.p50Ms'],
  },
  {
    name: 'CPU against the floor, declined, on file',
    what: 'CPU ms an order',
    goal: cpu,
    isCost: true,
    ours: [onFile, 'declined.cpuMs'],
    theirs: ['bare-file', 'declined.cpuMs'],
  },
  {
    name: 'CPU against the floor, declined, on Postgres',
    what: 'CPU ms an order',
    goal: cpu,
    isCost: true,
    ours: [durable, 'declined.cpuMs'],
    theirs: ['bare-postgres', 'declined.cpuMs'],
  },
  {
    name: 'CPU against the floor, paid, on file',
    what: 'CPU ms an order',
    goal: cpu,
    isCost: true,
    ours: [onFile, 'paid.cpuMs'],
    theirs: ['bare-file', 'paid.cpuMs'],
  },
  {
    name: 'CPU against the floor, paid, on Postgres',
    what: 'CPU ms an order',
    goal: cpu,
    isCost: true,
    ours: [durable, 'paid.cpuMs'],
    theirs: ['bare-postgres', 'paid.cpuMs'],
  },
  {
    name: 'reading a product',
    what: 'requests a second',
    goal: 3,
    ours: [onFile, 'reads.productPerSecond'],
    theirs: ['dbos', 'reads.productPerSecond'],
  },
  {
    name: 'reading an order',
    what: 'requests a second',
    goal: 3,
    ours: [onFile, 'reads.orderPerSecond'],
    theirs: ['dbos', 'reads.orderPerSecond'],
  },
  {
    name: 'flat growth, declined',
    what: 'orders a second',
    goal: flat,
    ours: ['store-grown', 'declined.perSecond'],
    theirs: [onFile, 'declined.perSecond'],
  },
  {
    name: 'flat growth, latency',
    what: 'ms of checkout and webhook',
    goal: flat,
    isCost: true,
    ours: ['store-grown', alone],
    theirs: [onFile, alone],
  },
  {
    name: 'flat growth, reading a product',
    what: 'requests a second',
    goal: flat,
    ours: ['store-grown', 'reads.productPerSecond'],
    theirs: [onFile, 'reads.productPerSecond'],
  },
  {
    name: 'flat growth, reading an order',
    what: 'requests a second',
    goal: flat,
    ours: ['store-grown', 'reads.orderPerSecond'],
    theirs: [onFile, 'reads.orderPerSecond'],
  },
  {
    name: 'hot product',
    what: 'orders a second of 200 buyers',
    goal: 0.9,
    ours: [onFile, 'hot.onePerSecond'],
    theirs: [onFile, 'hot.eachPerSecond'],
  },
  {
    name: 'two workers and two apis',
    what: 'orders a second',
    goal: 1,
    ours: ['store-replicated', 'replicas.perSecond'],
    theirs: [onFile, 'replicas.perSecond'],
  },
];

function versus(ours: ContestantName, label: string): Rule[] {
  const rate = (name: string, measure: string): Rule => ({
    name: `${name} against DBOS, ${label}`,
    what: 'orders a second',
    goal: 1,
    ours: [ours, measure],
    theirs: ['dbos', measure],
  });
  const latency: Rule = {
    ...rate('latency', ''),
    what: 'ms of checkout and webhook, one client',
    isCost: true,
    ours: [ours, alone],
    theirs: ['dbos', alone],
  };
  return [rate('declined', 'declined.perSecond'), rate('paid', 'paid.perSecond'), latency];
}

/** Of everything that was measured; a rule without its figures is left out. */
export function ratiosOf(results: Results): Ratios {
  const figure = ([name, measures]: Rule['ours']): number =>
    [measures].flat().reduce((total, measure) => total + (results.of(name, measure) ?? Number.NaN), 0);
  const entries = rules.map(({ name, what, goal, isCost = false, times = 1, ...sides }) => {
    const [ours, theirs] = [figure(sides.ours), figure(sides.theirs) * times];
    return [name, { value: isCost ? theirs / ours : ours / theirs, goal, what, ours, theirs }] as const;
  });
  return Object.fromEntries(entries.filter(([, { value }]) => Number.isFinite(value)));
}

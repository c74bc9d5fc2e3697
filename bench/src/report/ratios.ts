import type { ContestantName } from '../contestant';
import type { Results } from '../results';

/** A goal, and how close the run came to the goal. A higher ratio is always better. */
interface Ratio {
  value: number;
  /** The least value that the ratio should have. */
  goal: number;
  /** The measure that was compared, with its unit. */
  what: string;
  ours: number;
  theirs: number;
}

export type Ratios = Record<string, Ratio>;

/** A contestant, and the measures whose figures are added up. */
type Side = [ContestantName, ...measures: string[]];

interface Rule {
  name: string;
  what: string;
  goal: number;
  ours: Side;
  theirs: Side;
  /** If true, a lower figure is better, and the ratio is `theirs` divided by `ours`. */
  isCost?: boolean;
  /** A factor for the value of `theirs`; 1 by default. */
  times?: number;
}

const alone = ['alone.checkoutMs', 'alone.webhookMs'];
const flat = 1 / 1.1;
const floorGoal = 1 / 1.15;
const requests = 'requests a second';

const durabilities = [
  { own: 'store-postgres', label: 'equal durability' },
  { own: 'store-file', label: 'Temporal on its file' },
] as const;

/** The goals of this project, each as a rule that compares two figures of the benchmark. */
const rules: Rule[] = [
  ...durabilities.flatMap(({ own, label }) => againstDbos(own, label)),
  ...durabilities.toReversed().map(({ own, label }) => steadyLatency(own, label)),
  ...(['declined', 'paid'] as const).flatMap((scenario) => [
    againstFloor(scenario, 'file', ['store-file', 'bare-file']),
    againstFloor(scenario, 'Postgres', ['store-postgres', 'bare-postgres']),
  ]),
  rule('reading a product', requests, 3, { of: ['store-file', 'dbos'], measures: ['reads.productPerSecond'] }),
  rule('reading an order', requests, 3, { of: ['store-file', 'dbos'], measures: ['reads.orderPerSecond'] }),
  grown('declined', 'orders a second', ['declined.perSecond']),
  { ...grown('latency', 'ms of checkout and webhook', alone), isCost: true },
  grown('reading a product', requests, ['reads.productPerSecond']),
  grown('reading an order', requests, ['reads.orderPerSecond']),
  {
    name: 'hot product',
    what: 'orders a second of 200 buyers',
    goal: 0.9,
    ours: ['store-file', 'hot.onePerSecond'],
    theirs: ['store-file', 'hot.eachPerSecond'],
  },
  {
    ...rule('waiting, idle CPU against DBOS', 'CPU ms a second, 10,000 checkouts open', 5, {
      of: ['store-postgres', 'dbos'],
      measures: ['waiting.10k.idleCpuMsPerSecond'],
    }),
    isCost: true,
  },
  {
    ...rule('waiting, a payment after a kill, against DBOS', 'ms (p99), 10,000 checkouts open', 1, {
      of: ['store-postgres', 'dbos'],
      measures: ['waiting.10k.killed.p99OldPaymentMs'],
    }),
    isCost: true,
  },
  {
    name: 'waiting, a payment after a kill, flat growth',
    what: 'ms (p99), 10,000 and 1,000 checkouts open',
    goal: flat,
    isCost: true,
    ours: ['store-postgres', 'waiting.10k.killed.p99OldPaymentMs'],
    theirs: ['store-postgres', 'waiting.1k.killed.p99OldPaymentMs'],
  },
  {
    ...rule('burst, the last of 500 orders, against DBOS', 'ms', 1, {
      of: ['store-postgres', 'dbos'],
      measures: ['burst.lastOrderMs'],
    }),
    isCost: true,
  },
  rule('two workers and two apis', 'orders a second', 1, {
    of: ['store-replicated', 'store-file'],
    measures: ['replicas.perSecond'],
  }),
];

/** Returns a rule that compares the same measures of two contestants. */
function rule(
  name: string,
  what: string,
  goal: number,
  { of: [ours, theirs], measures }: { of: [ContestantName, ContestantName]; measures: string[] },
): Rule {
  return { name, what, goal, ours: [ours, ...measures], theirs: [theirs, ...measures] };
}

function againstDbos(own: ContestantName, label: string): Rule[] {
  const against = (name: string, what: string, measures: string[]): Rule =>
    rule(`${name}, ${label}`, what, 1, { of: [own, 'dbos'], measures });
  return [
    against('declined against DBOS', 'orders a second', ['declined.perSecond']),
    against('paid against DBOS', 'orders a second', ['paid.perSecond']),
    {
      ...against('paid against DBOS with its dispatch in one step', 'orders a second', ['paid.perSecond']),
      theirs: ['dbos-step', 'paid.perSecond'],
    },
    { ...against('latency against DBOS', 'ms of checkout and webhook, one client', alone), isCost: true },
  ];
}

function steadyLatency(own: ContestantName, label: string): Rule {
  return {
    name: `steady latency, ${label}`,
    what: '4 x p50 / p99 at half load',
    goal: 1,
    isCost: true,
    times: 4,
    ours: [own, 'halfLoad.p99Ms'],
    theirs: [own, 'halfLoad.p50Ms'],
  };
}

function againstFloor(scenario: 'declined' | 'paid', where: string, of: [ContestantName, ContestantName]): Rule {
  const name = `CPU against the floor, ${scenario}, on ${where}`;
  return { ...rule(name, 'CPU ms an order', floorGoal, { of, measures: [`${scenario}.cpuMs`] }), isCost: true };
}

function grown(name: string, what: string, measures: string[]): Rule {
  return rule(`flat growth, ${name}`, what, flat, { of: ['store-grown', 'store-file'], measures });
}

/** Returns the ratios of a run. Leaves out the goals whose figures were not measured. */
export function ratiosOf(results: Results): Ratios {
  const figure = ([contestant, ...measures]: Side): number =>
    measures.reduce((total, measure) => total + (results.of(contestant, measure) ?? Number.NaN), 0);
  const entries = rules.map(({ name, what, goal, isCost = false, times = 1, ...sides }) => {
    const [ours, theirs] = [figure(sides.ours), figure(sides.theirs) * times];
    return [name, { value: isCost ? theirs / ours : ours / theirs, goal, what, ours, theirs }] as const;
  });
  return Object.fromEntries(entries.filter(([, { value }]) => Number.isFinite(value)));
}

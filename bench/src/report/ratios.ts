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
const grown = ['store-grown', onFile] as const;

/** The goals of this project, as rules over what was measured. */
const rules: Rule[] = [
  ...versusDbos(durable, 'equal durability'),
  ...versusDbos(onFile, 'Temporal on its file'),
  steadyLatency(onFile, 'Temporal on its file'),
  steadyLatency(durable, 'equal durability'),
  ...(['declined', 'paid'] as const).flatMap((scenario) => [
    floor(scenario, 'file', [onFile, 'bare-file']),
    floor(scenario, 'Postgres', [durable, 'bare-postgres']),
  ]),
  same('reading a product', 'requests a second', 3, { of: [onFile, 'dbos'], measure: 'reads.productPerSecond' }),
  same('reading an order', 'requests a second', 3, { of: [onFile, 'dbos'], measure: 'reads.orderPerSecond' }),
  same('flat growth, declined', 'orders a second', flat, { of: grown, measure: 'declined.perSecond' }),
  { ...same('flat growth, latency', 'ms of checkout and webhook', flat, { of: grown, measure: alone }), isCost: true },
  same('flat growth, reading a product', 'requests a second', flat, { of: grown, measure: 'reads.productPerSecond' }),
  same('flat growth, reading an order', 'requests a second', flat, { of: grown, measure: 'reads.orderPerSecond' }),
  {
    name: 'hot product',
    what: 'orders a second of 200 buyers',
    goal: 0.9,
    ours: [onFile, 'hot.onePerSecond'],
    theirs: [onFile, 'hot.eachPerSecond'],
  },
  same('two workers and two apis', 'orders a second', 1, {
    of: ['store-replicated', onFile],
    measure: 'replicas.perSecond',
  }),
];

/** One measure of two contestants. */
function same(
  name: string,
  what: string,
  goal: number,
  { of: [ours, theirs], measure }: { of: readonly [ContestantName, ContestantName]; measure: string | string[] },
): Rule {
  return { name, what, goal, ours: [ours, measure], theirs: [theirs, measure] };
}

function versusDbos(ours: ContestantName, label: string): Rule[] {
  const rule = (name: string, what: string, measure: string | string[]): Rule =>
    same(`${name} against DBOS, ${label}`, what, 1, { of: [ours, 'dbos'], measure });
  return [
    rule('declined', 'orders a second', 'declined.perSecond'),
    rule('paid', 'orders a second', 'paid.perSecond'),
    {
      ...rule('paid', 'orders a second', 'paid.perSecond'),
      name: `paid against DBOS with its dispatch in one step, ${label}`,
      theirs: ['dbos-step', 'paid.perSecond'],
    },
    { ...rule('latency', 'ms of checkout and webhook, one client', alone), isCost: true },
  ];
}

function steadyLatency(contestant: ContestantName, label: string): Rule {
  return {
    name: `steady latency, ${label}`,
    what: '4 x p50 / p99 at half load',
    goal: 1,
    isCost: true,
    times: 4,
    ours: [contestant, 'halfLoad.p99Ms'],
    theirs: [contestant, 'halfLoad.p50Ms'],
  };
}

function floor(scenario: 'declined' | 'paid', where: string, of: readonly [ContestantName, ContestantName]): Rule {
  const name = `CPU against the floor, ${scenario}, on ${where}`;
  return { ...same(name, 'CPU ms an order', cpu, { of, measure: `${scenario}.cpuMs` }), isCost: true };
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

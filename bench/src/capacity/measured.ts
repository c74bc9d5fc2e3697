import { z } from 'zod';
import type { ContestantName } from '../contestant';
import { assumptions } from './assumptions';

export type OrderKind = 'declined' | 'paid';

/** Milliseconds of CPU that one order costs; the Postgres of the store and that of Temporal apart. */
export interface OrderCpuMs {
  api: number;
  worker: number;
  temporal: number;
  storePostgres: number;
  temporalPostgres: number;
}

/** What the benchmark has measured and the model needs. */
export interface Measured {
  /** Which run it was. */
  source: string;
  cpuMs: Record<OrderKind, OrderCpuMs>;
  /** Of one update of a run in a Temporal on Postgres. */
  shardWriteMs: number;
  /** Of one commit that notifies, which has NOTIFY's lock to itself; and whether it was measured. */
  notifyMs: number;
  /** Of one statement that changes a product's row, until it is committed. */
  rowMs: number;
  storedBytesAnOrder: number;
  /** Of one transaction of the store that writes, and of one update of a run. */
  walBytesACommit: number;
  walBytesAShardWrite: number;
  /** Names of those above that were not measured and are assumed. */
  assumed: string[];
}

const fileSchema = z.object({
  startedAt: z.string(),
  whole: z.boolean(),
  commit: z.string(),
  machine: z.string(),
  figures: z.array(z.object({ contestant: z.string(), measure: z.string(), median: z.number() })),
});

/** Writes that a declined order waits for one after the other: three until the checkout is answered, four in the webhook. */
const writesInSequence = 7;
/** Of a declined order, see `orderCost.ts`. */
const declinedCommits = 2;
const declinedShardWrites = 10;

/**
 * Reads the figures out of what `make bench` has written.
 *
 * @throws Error that names the figure which is missing
 */
export function readMeasured(json: unknown): Measured {
  const { startedAt, whole, commit, machine, figures } = fileSchema.parse(json);
  const find = (contestant: ContestantName, measure: string): number | undefined =>
    figures.find((figure) => figure.contestant === contestant && figure.measure === measure)?.median;
  const figure = (contestant: ContestantName, measure: string): number => {
    const found = find(contestant, measure);
    if (found === undefined)
      throw new Error(`the results have no ${measure} of ${contestant}: run \`make bench\` whole`);
    return found;
  };
  const assumed: string[] = [];
  const orElse = (name: string, value: number | undefined, assumption: number): number => {
    if (value === undefined) assumed.push(name);
    return value ?? assumption;
  };
  const aloneMs = (name: ContestantName): number => figure(name, 'alone.checkoutMs') + figure(name, 'alone.webhookMs');
  const notifies = find('plain', 'limits.notifyPerSecond');
  const rows = find('plain', 'limits.rowPerSecond');
  const ownWal = find('store-file', 'limits.declinedWalBytes');
  const allWal = find('store-postgres', 'limits.declinedWalBytes');
  const temporalWal = allWal && ownWal && Math.max(0, allWal - ownWal);
  return {
    source: `${startedAt}, commit ${commit}, ${machine}${whole ? '' : ', a trial: its figures mean nothing'}`,
    cpuMs: { declined: cpuMs('declined', figure), paid: cpuMs('paid', figure) },
    shardWriteMs: Math.max(0.5, (aloneMs('store-postgres') - aloneMs('store-file')) / writesInSequence),
    notifyMs: orElse('notifyMs', notifies && 1000 / notifies, assumptions.commitMs),
    rowMs: orElse('rowMs', rows && 1000 / rows, 2 * assumptions.commitMs),
    storedBytesAnOrder: orElse(
      'storedBytesAnOrder',
      find('store-grown', 'limits.storedBytesAnOrder'),
      assumptions.storedBytesAnOrder,
    ),
    walBytesACommit: orElse('walBytesACommit', ownWal && ownWal / declinedCommits, assumptions.walBytesACommit),
    walBytesAShardWrite: orElse(
      'walBytesAShardWrite',
      temporalWal && temporalWal / declinedShardWrites,
      assumptions.walBytesAShardWrite,
    ),
    assumed,
  };
}

/** Of the store with Temporal on Postgres; what the Postgres costs beyond that of the store with Temporal on a file is Temporal's. */
function cpuMs(kind: OrderKind, figure: (contestant: ContestantName, measure: string) => number): OrderCpuMs {
  const of = (contestant: ContestantName, process: string): number => figure(contestant, `${kind}.cpuMs.${process}`);
  const storePostgres = of('store-file', 'postgres');
  return {
    api: of('store-postgres', 'api'),
    worker: of('store-postgres', 'worker'),
    temporal: of('store-postgres', 'temporal'),
    storePostgres,
    temporalPostgres: Math.max(0, of('store-postgres', 'postgres') - storePostgres),
  };
}

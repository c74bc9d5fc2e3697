import { assumptions } from './assumptions';
import type { Measured } from './measured';
import { percent } from './numbers';
import type { OrderCost } from './orderCost';

/** Something that there is only one of, or that is set to a number. */
export interface Limit {
  name: string;
  /** What it is full of. */
  what: string;
  /** At which it is full; waiting begins well before. */
  ordersPerSecond: number;
  remedy: string;
}

interface LimitsInput {
  cost: OrderCost;
  measured: Omit<Measured, 'source' | 'cpuMs' | 'assumed'>;
}

/** What stops the store from growing by more processes alone, the lowest first. */
export function limitsOf(input: LimitsInput): Limit[] {
  return [...ofStore(input), ...ofTemporal(input)].toSorted(
    (one, other) => one.ordersPerSecond - other.ordersPerSecond,
  );
}

function ofStore({ cost, measured }: LimitsInput): Limit[] {
  const { postgresCores, busyShare, walBytesPerSecond } = assumptions;
  return [
    {
      name: "NOTIFY's lock",
      what: `${count(cost.notifications)} notifying commits an order, one after the other, ${ms(measured.notifyMs)} each`,
      ordersPerSecond: 1000 / measured.notifyMs / cost.notifications,
      remedy:
        'notify of changes of status only, 1 or 2 an order, and let pages read ticks by a timer; then a feed of the WAL (logical decoding)',
    },
    {
      name: 'one hot product',
      what: `${count(cost.rowHolds)} holds of its row an order, ${ms(measured.rowMs)} each, if every order buys it`,
      ordersPerSecond: 1000 / measured.rowMs / cost.rowHolds,
      remedy: "the product's stock in several rows (buckets), an order takes from one and tries the next",
    },
    {
      name: "the store's Postgres, one server",
      what: `${ms(cost.storePostgres)} of CPU an order, ${postgresCores} cores at ${percent(busyShare)}`,
      ordersPerSecond: (postgresCores * busyShare * 1000) / cost.storePostgres,
      remedy: 'reads from a replica; then several stores, each with its share of the products or regions',
    },
    {
      name: "the store's WAL",
      what: `${count(cost.commits)} commits an order of ${count(measured.walBytesACommit / 1000)} KB`,
      ordersPerSecond: walBytesPerSecond / (cost.commits * measured.walBytesACommit),
      remedy: 'fewer ticks; wal_compression, checkpoints further apart',
    },
  ];
}

function ofTemporal({ cost, measured }: LimitsInput): Limit[] {
  const { postgresCores, busyShare, walBytesPerSecond, historyShards } = assumptions;
  return [
    {
      name: 'Temporal Cloud, a namespace as it begins',
      what: `${count(cost.actions)} actions an order, ${assumptions.cloudActionsPerSecond} a second`,
      ordersPerSecond: assumptions.cloudActionsPerSecond / cost.actions,
      remedy: 'it rises with use; provisioned capacity before an event',
    },
    {
      name: 'one frontend of Temporal',
      what: `${count(cost.requests)} requests an order, ${assumptions.requestsPerSecondAFrontend} a second (frontend.namespaceRPS)`,
      ordersPerSecond: assumptions.requestsPerSecondAFrontend / cost.requests,
      remedy: 'more frontends, each has its own limit; or a higher limit',
    },
    {
      name: 'history shards',
      what: `${count(cost.shardWrites)} writes an order of ${ms(measured.shardWriteMs)}, one at a time in each of ${historyShards}`,
      ordersPerSecond: (historyShards * 1000) / measured.shardWriteMs / cost.shardWrites,
      remedy:
        'chosen at the start, for ever: 4,096 for what may become large; history.shardIOConcurrency above 1 on SQL',
    },
    {
      name: 'visibility in Postgres',
      what: `${count(cost.visibilityWrites)} writes an order into a table of 54 indexes`,
      ordersPerSecond: assumptions.visibilityWritesPerSecond / cost.visibilityWrites,
      remedy: 'a database of its own; then Elasticsearch or OpenSearch',
    },
    {
      name: "Temporal's Postgres, one server",
      what: `${ms(cost.temporalPostgres)} of CPU an order, ${postgresCores} cores at ${percent(busyShare)}`,
      ordersPerSecond: (postgresCores * busyShare * 1000) / cost.temporalPostgres,
      remedy: 'Cassandra, Temporal Cloud, or several clusters with a share of the keys each',
    },
    {
      name: "Temporal's WAL",
      what: `${count(cost.shardWrites)} writes an order of ${count(measured.walBytesAShardWrite / 1000)} KB`,
      ordersPerSecond: walBytesPerSecond / (cost.shardWrites * measured.walBytesAShardWrite),
      remedy: 'as for its CPU',
    },
  ];
}

function count(value: number): string {
  return String(Number(value.toFixed(1)));
}

function ms(value: number): string {
  return `${Number(value.toPrecision(2))} ms`;
}

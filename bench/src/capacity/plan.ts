import { assumptions } from './assumptions';
import type { Measured } from './measured';
import type { OrderCost } from './orderCost';

/** What a rate of orders needs. */
export interface Plan {
  ordersPerSecond: number;
  /** Each uses one core. */
  apiProcesses: number;
  workerProcesses: number;
  temporalCores: number;
  frontends: number;
  historyShards: number;
  storePostgresCores: number;
  temporalPostgresCores: number;
  storeWalMbPerSecond: number;
  temporalWalMbPerSecond: number;
  /** Never deleted. */
  storeGbADay: number;
  /** Of closed runs, once the first are as old as the retention. */
  temporalGbKept: number;
}

const dayS = 86_400;

export function planFor(
  ordersPerSecond: number,
  { cost, measured }: { cost: OrderCost; measured: Omit<Measured, 'source' | 'cpuMs' | 'assumed'> },
): Plan {
  const { busyShare, retentionDays } = assumptions;
  const cores = (cpuMs: number): number => Math.ceil((ordersPerSecond * cpuMs) / 1000 / busyShare);
  const perSecond = (amount: number): number => ordersPerSecond * amount;
  const runBytes = cost.historyBytes + cost.runs * assumptions.storedBytesARun;
  return {
    ordersPerSecond,
    apiProcesses: cores(cost.api),
    workerProcesses: cores(cost.worker),
    temporalCores: cores(cost.temporal),
    frontends: Math.ceil(perSecond(cost.requests) / busyShare / assumptions.requestsPerSecondAFrontend),
    historyShards: shardsFor(perSecond(cost.shardWrites), measured.shardWriteMs),
    storePostgresCores: cores(cost.storePostgres),
    temporalPostgresCores: cores(cost.temporalPostgres),
    storeWalMbPerSecond: perSecond(cost.commits * measured.walBytesACommit) / 1e6,
    temporalWalMbPerSecond: perSecond(cost.shardWrites * measured.walBytesAShardWrite) / 1e6,
    storeGbADay: (perSecond(measured.storedBytesAnOrder) * dayS) / 1e9,
    temporalGbKept: (perSecond(runBytes) * dayS * retentionDays) / 1e9,
  };
}

/** Rounded up to a power of two: the number cannot be changed later, so it is not cut to size. */
export function shardsFor(writesPerSecond: number, writeMs: number): number {
  const busyShards = (writesPerSecond * writeMs) / 1000;
  return 2 ** Math.ceil(Math.log2(Math.max(1, busyShards / assumptions.busyShardShare)));
}

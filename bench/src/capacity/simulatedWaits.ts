import { assumptions } from './assumptions';
import type { Measured } from './measured';
import type { OrderCost } from './orderCost';
import { shardsFor } from './plan';
import { number, percent } from './numbers';
import { simulateCommits, simulateShards, simulateWorkers, type Waits } from './simulation/experiments';

export interface Simulation {
  seed: number;
  /** For how many seconds locks and workers are watched. Shards are for one, in which none has time to even out. */
  seconds: number;
  /** Orders a second. */
  rates: readonly number[];
}

interface Sizes {
  measured: Pick<Measured, 'notifyMs' | 'rowMs' | 'shardWriteMs'>;
  cost: OrderCost;
}

/** What is simulated, how busy it is, and the mean and the p99 of the waits in milliseconds. */
export function simulatedWaits(simulation: Simulation, sizes: Sizes): string[][] {
  return [...commits(simulation, sizes), ...historyShards(simulation, sizes), ...workers(simulation, sizes)];
}

/** Every order buys one product; with ticks that notify, as they do, and without. */
function commits({ seed, seconds }: Simulation, { measured }: Sizes): string[][] {
  const commitMs = Math.min(measured.notifyMs, measured.rowMs);
  const statementMs = measured.rowMs - commitMs;
  return [true, false].flatMap((ticksNotify) =>
    [50, 100, 200, 400].flatMap((ordersPerSecond) => {
      const { paidShare } = assumptions;
      const waits = simulateCommits({
        seed,
        ordersPerSecond,
        paidShare,
        statementMs,
        commitMs,
        ticksNotify,
        seconds,
      });
      const told = ticksNotify ? 'each tick notifies' : 'changes of status notify';
      const how = `${ordersPerSecond} orders/s of one product, ${told}`;
      return [waitsRow(`NOTIFY's lock: ${how}`, waits.notify), waitsRow(`the product's row: ${how}`, waits.row)];
    }),
  );
}

/** As many shards as the model asks for, and the default of Temporal's chart where that is another number. */
function historyShards({ seed, rates }: Simulation, { measured, cost }: Sizes): string[][] {
  const { shardWriteMs: writeMs } = measured;
  return rates.flatMap((rate) => {
    const counts = new Set([assumptions.historyShards, shardsFor(rate * cost.shardWrites, writeMs)]);
    return [...counts].flatMap((shards) => {
      const runsPerSecond = rate * cost.runs;
      const writesARun = Math.round(cost.shardWrites / cost.runs);
      const name = `${number(shards)} history shards, ${number(rate)} orders/s`;
      if (rate * cost.shardWrites * writeMs >= shards * 1000) return [[name, 'does not keep up', '', '']];
      const { busiest, ...waits } = simulateShards({ seed, shards, runsPerSecond, writesARun, writeMs, seconds: 1 });
      return [waitsRow(name, waits), waitsRow(`${name}: the busiest of them in one second`, busiest)];
    });
  });
}

function workers({ seed, seconds }: Simulation, { cost }: Sizes): string[][] {
  const taskMs = cost.worker / cost.workflowTasks;
  return [0.6, 0.8, 0.9].flatMap((busyShare) =>
    [4, 40].map((count) => {
      const tasksPerSecond = (busyShare * count * 1000) / taskMs;
      const orders = number(tasksPerSecond / cost.workflowTasks);
      return waitsRow(
        `${count} workers, ${orders} orders/s`,
        simulateWorkers({ seed, workers: count, tasksPerSecond, taskMs, seconds }),
      );
    }),
  );
}

/** A queue that does not keep up grows for as long as one looks: its waits say nothing. */
function waitsRow(name: string, { busyShare, meanMs, p99Ms }: Waits): string[] {
  if (busyShare > 0.99 || meanMs > 500) return [name, 'does not keep up', '', ''];
  return [name, percent(busyShare), meanMs.toFixed(1), p99Ms.toFixed(1)];
}

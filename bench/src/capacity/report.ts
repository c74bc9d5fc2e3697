import { assumptions } from './assumptions';
import { limitsOf } from './limits';
import type { Measured } from './measured';
import { type Histories, mixed, type OrderCost, orderCosts } from './orderCost';
import { type Plan, planFor } from './plan';
import { simulateCommits, simulateShards, simulateWorkers, type Waits } from './simulation/experiments';

export const rates = [100, 1000, 10_000] as const;

interface Simulation {
  seed: number;
  /** For how many seconds locks are watched; the others for as long as it takes to see as much. */
  simulatedS: number;
}

/** The capacity model as Markdown: what an order costs, what rates need, which limit comes first, and what the simulation says. */
export function capacityReport(measured: Measured, histories: Histories, simulation: Simulation): string {
  const costs = orderCosts(measured, histories);
  const cost = mixed(costs, assumptions.paidShare);
  const percentPaid = Math.round(assumptions.paidShare * 100);
  return [
    `From ${measured.source}.`,
    ...(measured.assumed.length > 0 ? [`Not measured there and assumed: ${measured.assumed.join(', ')}.`] : []),
    '',
    ...table(['an order', 'declined', 'paid and dispatched'], costRows(costs.declined, costs.paid)),
    '',
    ...table(
      [`${percentPaid} % of orders paid`, ...rates.map((rate) => `${number(rate)}/s`)],
      planRows(rates.map((rate) => planFor(rate, { cost, measured }))),
    ),
    '',
    ...table(
      ['limit', 'is', 'full at orders/s', 'then'],
      limitsOf({ cost, measured }).map(({ name, what, ordersPerSecond, remedy }) => [
        name,
        what,
        number(ordersPerSecond),
        remedy,
      ]),
    ),
    '',
    ...table(['simulated', 'busy', 'mean wait, ms', 'p99 wait, ms'], simulated({ ...simulation, measured, cost })),
  ].join('\n');
}

function costRows(declined: OrderCost, paid: OrderCost): string[][] {
  const row = (name: string, of: (cost: OrderCost) => number): string[] => [
    name,
    number(of(declined)),
    number(of(paid)),
  ];
  return [
    row('CPU ms, api', ({ api }) => api),
    row('CPU ms, worker', ({ worker }) => worker),
    row('CPU ms, Temporal server', ({ temporal }) => temporal),
    row("CPU ms, the store's Postgres", ({ storePostgres }) => storePostgres),
    row("CPU ms, Temporal's Postgres", ({ temporalPostgres }) => temporalPostgres),
    row('runs', ({ runs }) => runs),
    row('events', ({ events }) => events),
    row('bytes of history', ({ historyBytes }) => historyBytes),
    row('workflow tasks and Queries', ({ workflowTasks }) => workflowTasks),
    row('requests to a frontend, polls included', ({ requests }) => requests),
    row('writes to a history shard', ({ shardWrites }) => shardWrites),
    row('visibility writes', ({ visibilityWrites }) => visibilityWrites),
    row('actions at Temporal Cloud', ({ actions }) => actions),
    row('transactions of the store that write', ({ commits }) => commits),
    row('of them with a notification', ({ notifications }) => notifications),
    row("times that a product's row is held", ({ rowHolds }) => rowHolds),
  ];
}

function planRows(plans: Plan[]): string[][] {
  const row = (name: string, of: (plan: Plan) => number): string[] => [name, ...plans.map((plan) => number(of(plan)))];
  return [
    row('api processes, a core each', ({ apiProcesses }) => apiProcesses),
    row('worker processes, a core each', ({ workerProcesses }) => workerProcesses),
    row('Temporal server, cores of all services', ({ temporalCores }) => temporalCores),
    row('frontends at least, for their limit of requests', ({ frontends }) => frontends),
    row('history shards at least', ({ historyShards }) => historyShards),
    row("the store's Postgres, cores", ({ storePostgresCores }) => storePostgresCores),
    row("Temporal's Postgres, cores", ({ temporalPostgresCores }) => temporalPostgresCores),
    row("the store's WAL, MB/s", ({ storeWalMbPerSecond }) => storeWalMbPerSecond),
    row("Temporal's WAL, MB/s", ({ temporalWalMbPerSecond }) => temporalWalMbPerSecond),
    row('orders, GB a day, for ever', ({ storeGbADay }) => storeGbADay),
    row(`closed runs of ${assumptions.retentionDays} days, GB`, ({ temporalGbKept }) => temporalGbKept),
  ];
}

interface Simulated extends Simulation {
  measured: Measured;
  cost: OrderCost;
}

function simulated(input: Simulated): string[][] {
  return [...simulatedCommits(input), ...simulatedShards(input), ...simulatedWorkers(input)];
}

/** Every order buys one product; with ticks that notify, as they do, and without. */
function simulatedCommits({ seed, simulatedS: seconds, measured }: Simulated): string[][] {
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
function simulatedShards({ seed, simulatedS, measured, cost }: Simulated): string[][] {
  const { shardWriteMs: writeMs } = measured;
  return rates.flatMap((rate) => {
    const counts = new Set([assumptions.historyShards, planFor(rate, { cost, measured }).historyShards]);
    return [...counts].map((shards) => {
      const runsPerSecond = rate * cost.runs;
      const writesARun = Math.round(cost.shardWrites / cost.runs);
      const name = `${number(shards)} history shards, ${number(rate)} orders/s`;
      if (rate * cost.shardWrites * writeMs >= shards * 1000) return [name, 'does not keep up', '', ''];
      const seconds = (simulatedS * 300) / rate;
      const waits = simulateShards({ seed, shards, runsPerSecond, writesARun, writeMs, seconds });
      return waitsRow(`${name}; the busiest one ${percent(waits.busiestShare)} busy`, waits);
    });
  });
}

function simulatedWorkers({ seed, simulatedS: seconds, cost }: Simulated): string[][] {
  const taskMs = cost.worker / cost.workflowTasks;
  return [0.6, 0.8, 0.9].flatMap((busyShare) =>
    [4, 40].map((workers) => {
      const tasksPerSecond = (busyShare * workers * 1000) / taskMs;
      const orders = number(tasksPerSecond / cost.workflowTasks);
      return waitsRow(
        `${workers} workers, ${orders} orders/s`,
        simulateWorkers({ seed, workers, tasksPerSecond, taskMs, seconds }),
      );
    }),
  );
}

/** A queue that does not keep up grows for as long as one looks: its waits say nothing. */
function waitsRow(name: string, { busyShare, meanMs, p99Ms }: Waits): string[] {
  if (busyShare > 0.99 || meanMs > 500) return [name, 'does not keep up', '', ''];
  return [name, percent(busyShare), meanMs.toFixed(1), p99Ms.toFixed(1)];
}

function table(head: string[], rows: string[][]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function number(value: number): string {
  const rounded = value >= 100 ? Math.round(value) : Number(value.toFixed(1));
  return rounded.toLocaleString('en-US');
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

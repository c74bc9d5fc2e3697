import { assumptions } from './assumptions';
import { limitsOf } from './limits';
import type { Measured } from './measured';
import { type Histories, mixed, type OrderCost, orderCosts } from './orderCost';
import { type Plan, planFor } from './plan';
import { number } from './numbers';
import { simulatedWaits, type Simulation } from './simulatedWaits';

/** The capacity model as Markdown: what an order costs, what rates need, which limit comes first, and what the simulation says. */
export function capacityReport(measured: Measured, histories: Histories, simulation: Simulation): string {
  const costs = orderCosts(measured, histories);
  const cost = mixed(costs, assumptions.paidShare);
  const { rates } = simulation;
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
    ...table(['simulated', 'busy', 'mean wait, ms', 'p99 wait, ms'], simulatedWaits(simulation, { measured, cost })),
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

function table(head: string[], rows: string[][]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

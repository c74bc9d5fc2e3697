import type { HistoryCost } from './historyCost';
import type { Measured, OrderCpuMs, OrderKind } from './measured';

/** What one order costs, in everything that can run out. */
export interface OrderCost extends OrderCpuMs, Omit<HistoryCost, 'workflowTasks' | 'activityTasks'> {
  runs: number;
  /** Workflow tasks and Queries: what workers poll for and the workflow thread works on. */
  workflowTasks: number;
  /** Calls to Temporal's frontends, polls included. */
  requests: number;
  /** Transactions of the store that write, one statement each. */
  commits: number;
  /** Those of them that notify. */
  notifications: number;
  /** How often it has the row of each of its products to itself. */
  rowHolds: number;
}

export type Histories = Record<'declined' | 'paid' | 'dispatch', HistoryCost>;

/** Update-with-Start, Query and Signal-with-Start: the api's calls to Temporal. */
const apiCalls = 3;
/** Of the checkout; the webhook knows the order's id, or asks once more. */
const queries = 1;
/** Sent at once, then no oftener than every four fifths of the heartbeat timeout of 5 s, for ten seconds. */
const heartbeats = 3;
/** Each tick is an UPDATE of the order's row, whose trigger notifies. */
const ticks = 10;

/** @param histories of a checkout that is declined, of one that is paid, and of the dispatch which that one starts */
export function orderCosts({ cpuMs }: Measured, histories: Histories): Record<OrderKind, OrderCost> {
  const { declined, paid, dispatch } = histories;
  return {
    declined: {
      ...cpuMs.declined,
      ...ofRuns([declined], 0),
      // Placing and cancelling; cancelling updates the order's row, and both change the product's.
      commits: 2,
      notifications: 1,
      rowHolds: 2,
    },
    paid: {
      ...cpuMs.paid,
      ...ofRuns([paid, dispatch], heartbeats),
      // Placing, marking it paid, and the ticks.
      commits: 2 + ticks,
      notifications: 1 + ticks,
      rowHolds: 1,
    },
  };
}

function ofRuns(
  runs: HistoryCost[],
  beats: number,
): Omit<OrderCost, keyof OrderCpuMs | 'commits' | 'notifications' | 'rowHolds'> {
  const total = (name: keyof HistoryCost): number => runs.reduce((sum, run) => sum + run[name], 0);
  const workflowTasks = total('workflowTasks') + queries;
  return {
    runs: runs.length,
    events: total('events'),
    historyBytes: total('historyBytes'),
    workflowTasks,
    // Each task is polled for and answered.
    requests: apiCalls + 2 * (workflowTasks + total('activityTasks')) + beats,
    shardWrites: total('shardWrites') + beats,
    visibilityWrites: total('visibilityWrites'),
    // Of the start of a dispatch, Temporal Cloud counts the parent's request alone, twice.
    actions: 1 + total('actions') + queries + beats,
  };
}

/** Of the average order. */
export function mixed({ declined, paid }: Record<OrderKind, OrderCost>, paidShare: number): OrderCost {
  const cost = { ...paid };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has no other keys
  for (const name of Object.keys(cost) as (keyof OrderCost)[]) {
    cost[name] = paidShare * paid[name] + (1 - paidShare) * declined[name];
  }
  return cost;
}

import {
  checkoutWorkflowId,
  dispatchTicks,
  dispatchWorkflowId,
  type Refund,
  refundWorkflowId,
} from '@widget-store/contract';
import type { Evidence, OrderRecord, RunRecord } from '../evidence';
import { type Anomaly, breaking, groupedBy } from './anomaly';

type RunsEvidence = Pick<Evidence, 'database' | 'runs'>;

/**
 * I9, without the replay: every closed run has completed, and the results of checkouts and refunds agree with the rows
 * of the orders. A TERMINATED run is allowed if another run with the same workflow id has completed.
 */
export function judgeRuns({ database, runs }: RunsEvidence): Anomaly[] {
  const runsOf = groupedBy(runs, ({ workflowId }) => workflowId);
  const isCompleted = ({ status }: RunRecord): boolean => status === 'COMPLETED';
  const bad = runs.filter(({ workflowId, status }) =>
    status === 'TERMINATED'
      ? !runsOf.get(workflowId)?.some(isCompleted)
      : status !== 'COMPLETED' && status !== 'RUNNING',
  );
  return breaking('I9', [
    ...bad.map(({ workflowId, status }) => `${workflowId} is ${status}`),
    ...database.orders.flatMap((order) => checkoutOf(order, runsOf.get(checkoutWorkflowId(order.key)) ?? [])),
    ...database.orders.flatMap((order) => refundsOf(order, runsOf)),
  ]);
}

interface CheckoutResult {
  orderId: string;
  paymentId: string | null;
  status: string;
}

/**
 * For each status that a checkout can return, the statuses that the order's row may have at the end. A paid order can
 * still be cancelled until it is dispatched.
 */
const rowsAfter: Record<string, string[]> = {
  PAID: ['PAID', 'DISPATCHED', 'CANCELLED'],
  DISPATCHED: ['DISPATCHED'],
  CANCELLED: ['CANCELLED'],
};

function checkoutOf(order: OrderRecord, runs: RunRecord[]): string[] {
  if (runs.length === 0) return [`${order.orderId} has no checkout run of ${order.key}`];
  const completed = runs.filter(({ status }) => status === 'COMPLETED');
  return completed.flatMap(({ workflowId, result }) => {
    const { orderId, paymentId, status } = result as CheckoutResult;
    const isSame = orderId === order.orderId && paymentId === order.paymentId;
    if (isSame && rowsAfter[status]?.includes(order.status)) return [];
    const row = `${order.orderId}, ${order.paymentId}, ${order.status}`;
    return [`${workflowId} returned ${orderId}, ${paymentId}, ${status}; the row has ${row}`];
  });
}

function refundsOf({ refunds }: OrderRecord, runsOf: Map<string, RunRecord[]>): string[] {
  const ofRuns = refunds.filter(({ status, source }) => status === 'succeeded' && source !== 'gateway');
  return ofRuns.flatMap(({ refundId, amountMinor, gatewayRefundId }) => {
    const runs = runsOf.get(refundWorkflowId(refundId)) ?? [];
    const results = runs.flatMap(({ status, result }) =>
      status === 'COMPLETED' && result !== null ? [result as Refund] : [],
    );
    if (results.length === 0) return [`${refundId} is a refund that no run has made`];
    const row = `${gatewayRefundId} of ${amountMinor}`;
    return results
      .map((result) => `${result.gatewayRefundId} of ${result.amountMinor}`)
      .filter((result) => result !== row)
      .map((result) => `${refundWorkflowId(refundId)} returned ${result}; the row has ${row}`);
  });
}

/**
 * I10: a dispatched order has a dispatch run, an unpaid order has none, and each order's ticks match its progress. An
 * order with demo fulfilment has at most one dispatch run. With manual fulfilment, each attempt to cancel a paid order
 * can start another dispatch run.
 */
export function judgeDispatches({ database, runs }: RunsEvidence): Anomaly[] {
  const runsOf = groupedBy(runs, ({ workflowId }) => workflowId);
  const ticksOf = groupedBy(database.ticks, ({ orderId }) => orderId);
  return breaking(
    'I10',
    database.orders.flatMap((order) => {
      const { orderId, status, paymentStatus, progress, fulfilment } = order;
      const dispatches = runsOf.get(dispatchWorkflowId(orderId)) ?? [];
      const ticks = (ticksOf.get(orderId) ?? []).map(({ before, after }) => `${before}-${after}`).join(' ');
      const wrong: string[] = [];
      const wasPaid =
        status === 'PAID' ||
        status === 'DISPATCHED' ||
        ['refunding', 'partially_refunded', 'refunded'].includes(paymentStatus);
      const isDemo = fulfilment === 'demo';
      if (status === 'DISPATCHED' && dispatches.length === 0) wrong.push('has no dispatch');
      if (isDemo && dispatches.length > 1) wrong.push(`was dispatched ${dispatches.length} times`);
      if (!wasPaid && dispatches.length > 0) wrong.push('was dispatched without a payment');
      if (ticks !== (isDemo ? ticksDownTo(progress) : shipmentTo(progress)))
        wrong.push(`has ${progress} left and ticked ${ticks || 'never'}`);
      return wrong.map((what) => `${orderId} (${status}) ${what}`);
    }),
  );
}

/** Returns the ticks of a manual order: its shipment lowers the progress to 0 in one step. */
function shipmentTo(progress: number): string {
  return progress === 0 ? `${dispatchTicks}-0` : '';
}

/** Returns the ticks of an order whose progress has fallen to this value in steps of one. */
function ticksDownTo(progress: number): string {
  const ticks = Array.from({ length: dispatchTicks - progress }, (_, index) => dispatchTicks - index);
  return ticks.map((before) => `${before}-${before - 1}`).join(' ');
}

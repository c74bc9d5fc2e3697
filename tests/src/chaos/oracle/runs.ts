import { checkoutWorkflowId, dispatchTicks, dispatchWorkflowId, refundWorkflowId } from '@widget-store/contract';
import type { Evidence, OrderRecord, RunRecord } from '../evidence';
import { type Anomaly, breaking, groupedBy } from './anomaly';

type RunsEvidence = Pick<Evidence, 'database' | 'runs'>;

/**
 * I9, without the replay: every run completed, and its result equals the order's row. If a run is TERMINATED, another
 * run must have the same id.
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
    ...database.orders.flatMap((order) => refundOf(order, runsOf)),
  ]);
}

interface CheckoutResult {
  orderId: string;
  paymentId: string | null;
  status: string;
}

/**
 * The statuses that a row may have, by the status that the checkout returned. A paid order continues in its dispatch,
 * where it can still be cancelled.
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

function refundOf({ orderId, paymentId, refundedMinor }: OrderRecord, runsOf: Map<string, RunRecord[]>): string[] {
  const runs = (paymentId !== null && runsOf.get(refundWorkflowId(paymentId))) || [];
  const returned = runs.filter(({ status, result }) => status === 'COMPLETED' && result !== null);
  if (returned.length === 0) return refundedMinor === 0 ? [] : [`${orderId} shows a refund that no run made`];
  return returned.flatMap(({ workflowId, result }) => {
    const given = (result as { refundedMinor: number }).refundedMinor;
    return given === refundedMinor ? [] : [`${workflowId} returned ${given}; the row has ${refundedMinor}`];
  });
}

/** I10: a paid order has one dispatch with ten ticks. An unpaid order has none, and a cancelled order ticks no more. */
export function judgeDispatches({ database, runs }: RunsEvidence): Anomaly[] {
  const runsOf = groupedBy(runs, ({ workflowId }) => workflowId);
  const ticksOf = groupedBy(database.ticks, ({ orderId }) => orderId);
  return breaking(
    'I10',
    database.orders.flatMap((order) => {
      const { orderId, status, paymentStatus, progress } = order;
      const dispatches = runsOf.get(dispatchWorkflowId(orderId)) ?? [];
      const ticks = (ticksOf.get(orderId) ?? []).map(({ before, after }) => `${before}-${after}`).join(' ');
      const wrong: string[] = [];
      const wasPaid = status === 'PAID' || status === 'DISPATCHED' || ['refunding', 'refunded'].includes(paymentStatus);
      if (status === 'DISPATCHED' && dispatches.length !== 1) wrong.push(`has ${dispatches.length} dispatches`);
      if (dispatches.length > 1) wrong.push(`was dispatched ${dispatches.length} times`);
      if (!wasPaid && dispatches.length > 0) wrong.push('was dispatched without a payment');
      if (ticks !== ticksDownTo(progress)) wrong.push(`has ${progress} left and ticked ${ticks || 'never'}`);
      return wrong.map((what) => `${orderId} (${status}) ${what}`);
    }),
  );
}

/** Returns the ticks of an order whose progress has come down to this value in steps of one. */
function ticksDownTo(progress: number): string {
  const ticks = Array.from({ length: dispatchTicks - progress }, (_, index) => dispatchTicks - index);
  return ticks.map((before) => `${before}-${before - 1}`).join(' ');
}

import type { OrderRecord, Store } from '@widget-store/db';
import {
  checkoutWorkflowId,
  dispatchWorkflowId,
  refundByHandWorkflowId,
  refundWorkflowId,
} from '@widget-store/contract';
import type { AnomaliesBody, OrderReportBody } from '../openapi/opsSchemas';
import { orderBody } from '../presenters';
import { readAnomalies } from './anomalies';
import { orderTimeline } from './orderTimeline';
import { readRun, type RunReaderDeps } from './runReader';

export interface OperationsDeps extends RunReaderDeps {
  store: Pick<Store, 'readOrderRecord'>;
  taskQueue: string;
}

/** What the operations page asks for, beyond lists and counts. */
export interface Operations {
  /** All that is known of an order; undefined when there is none. Answers without Temporal, too. */
  report(orderId: string): Promise<OrderReportBody | undefined>;
  /** What the reconciler has found. Needs Temporal, where its results are. */
  anomalies(): Promise<AnomaliesBody>;
}

export function createOperations(deps: OperationsDeps): Operations {
  return {
    report: async (orderId) => {
      const record = await deps.store.readOrderRecord(orderId);
      if (record === undefined) return undefined;
      const reads = await Promise.all(
        runsOf(record).map(async ({ workflowId, expected }) => ({ expected, ...(await readRun(deps, workflowId)) })),
      );
      // A run that need not exist is told of only where it was seen.
      const told = reads.filter(({ expected, run }) => expected || !['not_found', 'unavailable'].includes(run.state));
      return {
        order: opsOrderBody(record.order),
        timeline: orderTimeline(
          record,
          told.flatMap(({ entries }) => entries),
        ),
        runs: told.map(({ run }) => run),
      };
    },
    anomalies: () => deps.temporal.withDeadline(Date.now() + deps.deadlineMs, () => readAnomalies(deps)),
  };
}

export function opsOrderBody(order: OrderRecord['order']) {
  return { ...orderBody(order), idempotency_key: order.idempotencyKey };
}

/** The runs that an order may have; `expected` are those that its row says there were. */
function runsOf({ order, events }: OrderRecord): { workflowId: string; expected: boolean }[] {
  const { idempotencyKey, orderId, paymentId, paymentStatus } = order;
  const wasPaid = paymentStatus === 'paid' || events.some(({ status }) => status === 'PAID');
  const checkout = { workflowId: checkoutWorkflowId(idempotencyKey), expected: true };
  if (paymentId === null) return [checkout];
  return [
    checkout,
    { workflowId: dispatchWorkflowId(orderId), expected: wasPaid },
    { workflowId: refundWorkflowId(paymentId), expected: paymentStatus === 'refunding' },
    { workflowId: refundByHandWorkflowId(paymentId), expected: false },
  ];
}

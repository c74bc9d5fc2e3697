import type { OrderRecord } from '@widget-store/db';
import {
  checkoutWorkflowId,
  dispatchWorkflowId,
  refundWorkflowId,
  syncPaymentWorkflowId,
} from '@widget-store/contract';
import type { OrderReportBody } from '../openapi/opsSchemas';
import { buyerBody, disputeBody, opsOrderBody } from '../presenters';
import { orderTimeline } from './orderTimeline';
import { type OperationsContext, readRun } from './readRun';

/**
 * Reports everything that is known about an order. If Temporal does not answer, the events of the order's runs are
 * missing, and so are the runs that need not exist. Returns undefined if the order does not exist.
 */
export async function reportOrder(
  context: OperationsContext,
  orderId: string,
): Promise<{ version: number; body: OrderReportBody } | undefined> {
  const record = await context.store.readOrderRecord(orderId);
  if (record === undefined) return undefined;
  const reads = await Promise.all(
    runsOf(record).map(async ({ workflowId, expected }) => ({ expected, ...(await readRun(context, workflowId)) })),
  );
  // A run that need not exist is shown only if Temporal has returned it.
  const shown = reads.filter(({ expected, run }) => expected || !['not_found', 'unavailable'].includes(run.state));
  const entries = shown.flatMap((read) => read.entries);
  const body = {
    order: opsOrderBody(record.order),
    buyer: record.buyer && buyerBody(record.buyer),
    disputes: record.disputes.map((dispute) => disputeBody(dispute, record.order.currency)),
    timeline: orderTimeline(record, entries),
    runs: shown.map(({ run }) => run),
    dashboard_url: dashboardUrl(context, record.order.paymentId),
  };
  return { version: record.order.version, body };
}

function dashboardUrl({ gatewayUrl }: OperationsContext, paymentId: string | null): string | null {
  return gatewayUrl === undefined || paymentId === null ? null : `${gatewayUrl}/dashboard/${paymentId}`;
}

/** The runs that an order can have. `expected` is true if the run must exist according to the order's row. */
function runsOf({ order, events }: OrderRecord): { workflowId: string; expected: boolean }[] {
  const { idempotencyKey, orderId, paymentId, status: now, refunds } = order;
  const wasPaid = now === 'PAID' || now === 'DISPATCHED' || events.some(({ status }) => status === 'PAID');
  const checkout = { workflowId: checkoutWorkflowId(idempotencyKey), expected: true };
  if (paymentId === null) return [checkout];
  return [
    checkout,
    { workflowId: dispatchWorkflowId(orderId), expected: wasPaid },
    // This run exists only if the gateway has sent an event about a refund or a dispute.
    { workflowId: syncPaymentWorkflowId(paymentId), expected: false },
    // A refund that somebody made at the gateway has no run.
    ...refunds
      .filter(({ source }) => source !== 'gateway')
      .map(({ refundId, status }) => ({ workflowId: refundWorkflowId(refundId), expected: status === 'pending' })),
  ];
}

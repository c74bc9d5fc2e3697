import type { OrderFacts } from '@widget-store/db';
import {
  type Anomaly,
  checkoutWorkflowId,
  dispatchWorkflowId,
  type GatewayPayment,
  isOver,
  paysFor,
  readWorkflowId,
  refundWorkflowId,
  workflowTypes,
} from '@widget-store/contract';

/** While the order's run is open, the grace period is ten times as long, because the run can retry for minutes. */
const openRunGracePeriods = 10;

export function openRunGraceMs(graceMs: number): number {
  return openRunGracePeriods * graceMs;
}

/** The workflow id of the run that must finish an order. Undefined if nothing is left to do. */
export function responsibleRun({ status, paymentStatus, orderId, paymentId, idempotencyKey }: OrderFacts) {
  if (status === 'PENDING') return checkoutWorkflowId(idempotencyKey);
  if (status === 'PAID') return dispatchWorkflowId(orderId);
  return paymentStatus === 'refunding' && paymentId !== null ? refundWorkflowId(paymentId) : undefined;
}

interface ResponsibleRun {
  workflowId: string;
  open: boolean;
  /** Whether an earlier run of this id has failed, timed out or was terminated. */
  hasFailed: boolean;
}

/** Finds the anomaly of an unfinished order. */
export function detectOrderAnomaly(
  order: OrderFacts,
  run: ResponsibleRun,
  { graceMs }: { graceMs: number },
): Anomaly | undefined {
  const { orderId, paymentId, idempotencyKey, status } = order;
  const { workflowId, open } = run;
  const ids = { orderId, ...(paymentId !== null && { paymentId }), workflowId };
  const lateMs = status === 'PENDING' ? order.overdueMs : order.unchangedMs;
  const isLate = lateMs >= (open ? openRunGraceMs(graceMs) : graceMs);
  switch (status) {
    case 'PENDING': {
      if (open) return isLate ? stalled(ids, `its payment window ended ${seconds(lateMs)} ago`) : undefined;
      // Until the window has ended, the order can still be paid. A missing run is then an anomaly only if a run has failed.
      if (!isLate && !run.hasFailed) return undefined;
      const detail = 'The order holds stock, and no checkout run is open for it.';
      return {
        kind: 'hold_without_run',
        detail,
        ...ids,
        repair: { action: 'resume_checkout', idempotencyKey, orderId },
      };
    }
    case 'PAID': {
      if (!isLate) return undefined;
      if (open) return stalled(ids, `it has not ticked for ${seconds(lateMs)}`);
      const detail = `The order is paid and has not ticked for ${seconds(lateMs)}, and no dispatch run is open for it.`;
      return { kind: 'paid_without_dispatch', detail, ...ids, repair: { action: 'dispatch', orderId } };
    }
    case 'CANCELLED': {
      if (!isLate || paymentId === null) return undefined;
      const detail = open
        ? `The refund has been tried for ${seconds(lateMs)}.`
        : `The refund is due for ${seconds(lateMs)}, and no refund run is open for it.`;
      return { kind: 'refund_overdue', detail, ...ids, repair: open ? null : { action: 'refund', orderId, paymentId } };
    }
    case 'DISPATCHED':
      return undefined;
    default:
      return status satisfies never;
  }
}

/**
 * Removes the repair if the order's money was refunded. Then either Postgres was restored to a moment before the cancellation, or
 * somebody refunded the payment at the gateway. An order without a payment event keeps its repair: it was paid by an unsigned
 * webhook of demo mode, so the gateway does not know its payment.
 */
export function dispatchOnlyIfPaid(anomaly: Anomaly, order: OrderFacts, payment: GatewayPayment | null): Anomaly {
  const kept = {
    amountMinor: payment === null ? 0 : payment.capturedMinor - payment.refundedMinor,
    currency: payment?.currency ?? order.currency,
  };
  if (order.paymentEventId === null || paysFor(order, kept)) return anomaly;
  return { ...anomaly, detail: `${anomaly.detail} The gateway does not keep its total.`, repair: null };
}

/**
 * Finds the anomaly of a checkout or dispatch run that has been open for long.
 *
 * @param order the order that the workflow id names; null if the order does not exist
 */
export function detectRunAnomaly(
  workflowId: string,
  order: OrderFacts | null,
  { graceMs }: { graceMs: number },
): Anomaly | undefined {
  if (order === null) {
    const detail = 'The run is open, and Postgres has no order of its id.';
    return { kind: 'run_without_order', detail, workflowId, repair: null };
  }
  const { orderId, status, unchangedMs } = order;
  const isCheckout = readWorkflowId(workflowId)?.type === workflowTypes.checkout;
  const isDone = isCheckout ? status !== 'PENDING' : isOver(status);
  if (!isDone || unchangedMs < openRunGraceMs(graceMs)) return undefined;
  const detail = `The run is open, and its order has been ${status} for ${seconds(unchangedMs)}.`;
  return { kind: 'run_after_end', detail, orderId, workflowId, repair: null };
}

type Ids = Pick<Anomaly, 'orderId' | 'paymentId' | 'workflowId'>;

function stalled(ids: Ids, reason: string): Anomaly {
  return {
    kind: 'run_stalled',
    detail: `The order's run is open and makes no progress: ${reason}.`,
    ...ids,
    repair: null,
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

import type { OrderFacts } from '@widget-store/db';
import {
  type Anomaly,
  checkoutWorkflowId,
  dispatchWorkflowId,
  type GatewayPayment,
  isOver,
  keptMinor,
  paysFor,
  readWorkflowId,
  workflowTypes,
} from '@widget-store/contract';

/** While the run of an order is open, the grace period is ten times as long, because the run can retry for minutes. */
const openRunGracePeriods = 10;

export function openRunGraceMs(graceMs: number): number {
  return openRunGracePeriods * graceMs;
}

/**
 * The workflow id of the run that must finish an order. Undefined if nothing is left to do, or if an operator must ship
 * the order.
 */
export function responsibleRun({ status, isReadyToShip, orderId, idempotencyKey }: OrderFacts) {
  if (status === 'PENDING') return checkoutWorkflowId(idempotencyKey);
  return status === 'PAID' && !isReadyToShip ? dispatchWorkflowId(orderId) : undefined;
}

interface ResponsibleRun {
  workflowId: string;
  open: boolean;
  /** Whether an earlier run of this workflow id has failed, has timed out, or was terminated or cancelled. */
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
      // The order can stay PENDING until its payment window ends. Until a grace period after this end, a missing run is
      // therefore an anomaly only if an earlier run has failed.
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
    case 'CANCELLED':
    case 'DISPATCHED':
      return undefined;
    default:
      return status satisfies never;
  }
}

/**
 * Removes the repair if the gateway has not captured exactly the total of the order, or keeps nothing of the payment.
 * The gateway keeps nothing after a refund of the whole payment, or after the bank has taken the whole payment in a
 * dispute. After a restore of Postgres, an order can be PAID although it was cancelled and refunded after the backup. A
 * partial refund does not stop the dispatch. An order without an event id keeps its repair. Such an order was paid by
 * an unsigned webhook of demo mode, so the gateway may have captured nothing, or perhaps does not even know the
 * payment.
 */
export function dispatchOnlyIfPaid(anomaly: Anomaly, order: OrderFacts, payment: GatewayPayment | null): Anomaly {
  const { capturedMinor: amountMinor = 0, currency = order.currency } = payment ?? {};
  const isKept = paysFor(order, { amountMinor, currency }) && payment !== null && keptMinor(payment) > 0;
  if (order.paymentEventId === null || isKept) return anomaly;
  const reason = 'The gateway has not captured the total of the order, or keeps nothing of the payment.';
  return { ...anomaly, detail: `${anomaly.detail} ${reason}`, repair: null };
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
    const detail = 'The run is open, and Postgres has no order for its id.';
    return { kind: 'run_without_order', detail, workflowId, repair: null };
  }
  const { orderId, status, isReadyToShip, unchangedMs } = order;
  if (unchangedMs < openRunGraceMs(graceMs)) return undefined;
  const isCheckout = readWorkflowId(workflowId)?.type === workflowTypes.checkout;
  // The dispatch run ends when the order is ready to ship. A run that is open later only cancels the order.
  if (!isCheckout && isReadyToShip) return stalled({ orderId, workflowId }, 'it has not cancelled its order');
  const isDone = isCheckout ? status !== 'PENDING' : isOver(status);
  if (!isDone) return undefined;
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

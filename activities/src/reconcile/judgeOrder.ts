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

/** What somebody is at work on counts after this many grace periods: minutes, where the grace period is half a minute. */
const graceOfOpenRuns = 10;

export function openRunGraceMs(graceMs: number): number {
  return graceOfOpenRuns * graceMs;
}

/** The run that has an order in hand; undefined when nothing is left to do for it. */
export function runInCharge({ status, paymentStatus, orderId, paymentId, idempotencyKey }: OrderFacts) {
  if (status === 'PENDING') return checkoutWorkflowId(idempotencyKey);
  if (status === 'PAID') return dispatchWorkflowId(orderId);
  return paymentStatus === 'refunding' && paymentId !== null ? refundWorkflowId(paymentId) : undefined;
}

export interface RunInCharge {
  workflowId: string;
  open: boolean;
  /** An earlier run of this id was terminated, failed or timed out a while ago. */
  broken: boolean;
}

/** What is wrong with an order that is not over. */
export function judgeUnfinished(
  order: OrderFacts,
  run: RunInCharge,
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
      // Within the window the hold is the shopper's, so a lost run only counts when it is known to be lost.
      if (!isLate && !run.broken) return undefined;
      const detail = 'The order holds stock, and no checkout run has it in hand.';
      return { kind: 'hold_without_run', detail, ...ids, repair: { action: 'take_over', idempotencyKey, orderId } };
    }
    case 'PAID': {
      if (!isLate) return undefined;
      if (open) return stalled(ids, `it has not ticked for ${seconds(lateMs)}`);
      const detail = `The order is paid and has not ticked for ${seconds(lateMs)}, and no dispatch run has it in hand.`;
      return { kind: 'paid_without_dispatch', detail, ...ids, repair: { action: 'dispatch', orderId } };
    }
    case 'CANCELLED': {
      if (!isLate || paymentId === null) return undefined;
      const detail = open
        ? `The refund has been tried for ${seconds(lateMs)}.`
        : `The refund is due for ${seconds(lateMs)}, and no refund run has it in hand.`;
      return { kind: 'refund_overdue', detail, ...ids, repair: open ? null : { action: 'refund', orderId, paymentId } };
    }
    case 'DISPATCHED':
      return undefined;
    default:
      return status satisfies never;
  }
}

/**
 * An order whose money went back is not dispatched: Postgres was restored to before its cancellation, or somebody gave the
 * money back at the gateway. Without an event it was paid by the unsigned form of demo mode, of which no gateway knows.
 */
export function dispatchIfPaid(anomaly: Anomaly, order: OrderFacts, payment: GatewayPayment | null): Anomaly {
  const kept = {
    amountMinor: payment === null ? 0 : payment.capturedMinor - payment.refundedMinor,
    currency: payment?.currency ?? order.currency,
  };
  if (order.paymentEventId === null || paysFor(order, kept)) return anomaly;
  return { ...anomaly, detail: `${anomaly.detail} The gateway does not keep its total.`, repair: null };
}

/**
 * What is wrong with a checkout or dispatch run that has been open for long.
 *
 * @param order the one that the run's id names; null when there is none
 */
export function judgeOpenRun(
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

function stalled(ids: Ids, why: string): Anomaly {
  return {
    kind: 'run_stalled',
    detail: `The order has an open run that does not come on: ${why}.`,
    ...ids,
    repair: null,
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

import type { OrderFacts, RefundToMake } from '@widget-store/db';
import { type Anomaly, refundWorkflowId } from '@widget-store/contract';
import type { LedgerPayment } from '../gateway';
import { openRunGraceMs } from './detectOrder';

/**
 * Finds the anomaly of a refund that has waited for at least a grace period.
 *
 * @param open whether the refund's run is open
 */
export function detectRefundAnomaly(
  { refundId, orderId, paymentId, orderStatus, waitingMs }: RefundToMake,
  { open, graceMs }: { open: boolean; graceMs: number },
): Anomaly | undefined {
  if (open && waitingMs < openRunGraceMs(graceMs)) return undefined;
  const seconds = `${Math.round(waitingMs / 1000)} s`;
  return {
    kind: 'refund_overdue',
    detail: open
      ? `The refund has been tried for ${seconds}.`
      : `The refund has been due for ${seconds}, and no refund run is open for it.`,
    orderId,
    ...(paymentId !== null && { paymentId }),
    workflowId: refundWorkflowId(refundId),
    repair: open ? null : { action: 'refund', refundId, orderId, orderStatus },
  };
}

/**
 * Whether the gateway has a refund or a dispute that the order does not show in the same state. False for a pending
 * order, because a pending order does not show refunds or disputes yet.
 */
export function hasUnshownChanges({ status, refunds, disputes }: OrderFacts, payment: LedgerPayment | null): boolean {
  if (status === 'PENDING' || payment === null) return false;
  const isShown = (made: LedgerPayment['refunds'][number]) =>
    refunds.some((refund) => refund.gatewayRefundId === made.gatewayRefundId && refund.status === made.status);
  const isDisputeShown = ({ gatewayDisputeId, ...made }: LedgerPayment['disputes'][number]) =>
    disputes.some(
      (dispute) =>
        dispute.gatewayDisputeId === gatewayDisputeId &&
        dispute.status === made.status &&
        dispute.amountMinor === made.amountMinor,
    );
  return !payment.refunds.every(isShown) || !payment.disputes.every(isDisputeShown);
}

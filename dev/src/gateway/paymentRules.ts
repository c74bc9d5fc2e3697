import { type Dispute, disputableMinor, type Payment, type Refund, refundableMinor } from './payment';
import { Problem } from './problem';
import type { DisputeStatus, RefundStatus } from './records';

export interface RefundRequest {
  paymentId: string;
  idempotencyKey: string;
  amountMinor: number;
}

export interface DisputeRequest extends RefundRequest {
  reason: string | null;
}

export interface RefundEnd {
  paymentId: string;
  refundId: string;
  status: Exclude<RefundStatus, 'pending'>;
}

export interface DisputeEnd {
  paymentId: string;
  disputeId: string;
  status: Exclude<DisputeStatus, 'open'>;
}

/**
 * @returns the refund that was made before with this key; undefined if there is none
 * @throws Problem if that refund has another amount, or if a new refund would be too large
 */
export function earlierRefund(
  payment: Payment,
  { idempotencyKey, amountMinor, madeBy }: RefundRequest & Pick<Refund, 'madeBy'>,
): Refund | undefined {
  const earlier = payment.refunds.find(
    (refund) => refund.idempotencyKey === idempotencyKey && refund.madeBy === madeBy,
  );
  if (earlier && earlier.amountMinor !== amountMinor) {
    throw new Problem('refund_mismatch', 'The idempotency key was used for a refund of another amount.');
  }
  if (!earlier && amountMinor > refundableMinor(payment)) {
    throw new Problem('refund_too_large', 'The refund exceeds the captured amount that is not yet refunded.');
  }
  return earlier;
}

/**
 * @returns the dispute that was opened before with this key; undefined if there is none
 * @throws Problem if that dispute has another amount or reason, or if a new dispute would be too large
 */
export function earlierDispute(
  payment: Payment,
  { idempotencyKey, amountMinor, reason }: DisputeRequest,
): Dispute | undefined {
  const earlier = payment.disputes.find((dispute) => dispute.idempotencyKey === idempotencyKey);
  if (earlier && (earlier.amountMinor !== amountMinor || earlier.reason !== reason)) {
    throw new Problem('dispute_mismatch', 'The idempotency key was used for another dispute.');
  }
  if (!earlier && amountMinor > disputableMinor(payment)) {
    throw new Problem('dispute_too_large', 'The dispute exceeds the captured amount that is not yet disputed.');
  }
  return earlier;
}

/** @throws Problem if the payment has no such refund */
export function refundOf({ refunds }: Payment, refundId: string): Refund {
  const refund = refunds.find((one) => one.refundId === refundId);
  if (!refund) throw new Problem('refund_unknown', 'The payment has no such refund.');
  return refund;
}

/** @throws Problem if the payment has no such dispute */
export function disputeOf({ disputes }: Payment, disputeId: string): Dispute {
  const dispute = disputes.find((one) => one.disputeId === disputeId);
  if (!dispute) throw new Problem('dispute_unknown', 'The payment has no such dispute.');
  return dispute;
}

/**
 * Returns true if the request changes the status of the refund.
 *
 * @throws Problem if the request changes a failed refund, because its amount may have been refunded again
 */
export function endsRefund(payment: Payment, { refundId, status }: RefundEnd): boolean {
  const refund = refundOf(payment, refundId);
  if (refund.status === 'failed' && status !== 'failed') {
    throw new Problem('refund_failed', 'The refund has failed. Make another refund.');
  }
  return refund.status !== status;
}

/**
 * Returns true if the request changes the status of the dispute.
 *
 * @throws Problem if the dispute is closed with another result
 */
export function closesDispute(payment: Payment, { disputeId, status }: DisputeEnd): boolean {
  const dispute = disputeOf(payment, disputeId);
  if (dispute.status !== 'open' && dispute.status !== status) {
    throw new Problem('dispute_closed', 'The dispute is closed with another result.');
  }
  return dispute.status === 'open';
}

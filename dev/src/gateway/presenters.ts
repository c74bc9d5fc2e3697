import type { Dispute, Payment, Refund } from './payment';

const statuses = { paid: 'paid', declined: 'failed', closed: 'failed' } as const;

export function presentPayment(payment: Payment, publicUrl: string) {
  const { paymentId, outcome } = payment;
  return {
    payment_id: paymentId,
    status: outcome === undefined ? 'open' : statuses[outcome],
    failure_reason: outcome === 'declined' || outcome === 'closed' ? outcome : null,
    amount_minor: payment.amountMinor,
    currency: payment.currency,
    captured_minor: payment.capturedMinor,
    refunded_minor: payment.refundedMinor,
    refunds: payment.refunds.map(presentRefund),
    disputes: payment.disputes.map(presentDispute),
    payment_url: `${publicUrl}/pay/${paymentId}`,
    updated_at: payment.updatedAt,
  };
}

export function presentRefund({ refundId, madeBy, idempotencyKey, amountMinor, status, createdAt }: Refund) {
  return {
    refund_id: refundId,
    /** Null for a refund that the store did not ask for. */
    idempotency_key: madeBy === 'store' ? idempotencyKey : null,
    amount_minor: amountMinor,
    status,
    created_at: createdAt,
  };
}

export function presentDispute({ disputeId, amountMinor, status, reason, createdAt }: Dispute) {
  return { dispute_id: disputeId, amount_minor: amountMinor, status, reason, created_at: createdAt };
}

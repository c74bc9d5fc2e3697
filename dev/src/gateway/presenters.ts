import type { Payment, Refund } from './ledgerState';

const statuses = { paid: 'paid', declined: 'failed', closed: 'failed' } as const;

/** Returns a payment as the HTTP API shows it. */
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
    payment_url: `${publicUrl}/pay/${paymentId}`,
    updated_at: payment.updatedAt,
  };
}

export function presentRefund({ refundId, idempotencyKey, amountMinor, createdAt }: Refund) {
  return {
    refund_id: refundId,
    idempotency_key: idempotencyKey,
    amount_minor: amountMinor,
    created_at: createdAt,
  };
}

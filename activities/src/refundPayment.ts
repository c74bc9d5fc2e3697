import type { RefundResult } from '@widget-store/contract';
import type { PaymentGateway } from './gateway';

/**
 * Refunds what the gateway still keeps of a payment. It therefore repeats no refund that an earlier attempt or a person has made.
 * The idempotency key names the state of the payment, so all attempts that read the same state make only one refund.
 */
export async function refundPayment(gateway: PaymentGateway, paymentId: string): Promise<RefundResult> {
  const payment = await gateway.getPayment(paymentId);
  if (payment === null || payment.capturedMinor === 0) return { refundId: null, refundedMinor: 0 };
  const keptMinor = payment.capturedMinor - payment.refundedMinor;
  if (keptMinor === 0) return { refundId: payment.lastRefundId, refundedMinor: payment.refundedMinor };
  const idempotencyKey = `refund/${paymentId}/${payment.refundedMinor}/${payment.lastRefundId ?? 'first'}`;
  const { refundId } = await gateway.refund({ paymentId, amountMinor: keptMinor, idempotencyKey });
  return { refundId, refundedMinor: payment.capturedMinor };
}

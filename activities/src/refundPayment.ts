import { type GatewayPayment, keptMinor, type Refund, refundWorkflowId } from '@widget-store/contract';
import type { PaymentGateway } from './gateway';

/**
 * Makes a refund, unless an earlier attempt has made it, or the gateway keeps less than its amount because of other
 * refunds or disputes. All attempts use the same idempotency key.
 *
 * @returns the payment afterwards; null when the gateway has captured nothing, so that there is nothing to refund
 */
export async function refundPayment(
  gateway: PaymentGateway,
  { refundId, paymentId, amountMinor }: Refund,
): Promise<GatewayPayment | null> {
  const payment = await gateway.getPayment(paymentId);
  if (payment === null || payment.capturedMinor === 0) return null;
  const isMade = payment.refunds.some((refund) => refund.refundId === refundId && refund.status !== 'failed');
  if (isMade || keptMinor(payment) < amountMinor) return payment;
  const idempotencyKey = refundWorkflowId(refundId);
  const made = await gateway.refund({ paymentId, refundId, amountMinor, idempotencyKey });
  return { ...payment, refundedMinor: payment.refundedMinor + amountMinor, refunds: [...payment.refunds, made] };
}

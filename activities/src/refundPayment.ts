import {
  failureTypes,
  type GatewayPayment,
  isToMake,
  keptMinor,
  type Refund,
  refundWorkflowId,
} from '@widget-store/contract';
import { type Store, StoreError } from '@widget-store/db';
import { GatewayError, type PaymentGateway } from './gateway';

type RefundGateway = Pick<PaymentGateway, 'getPayment' | 'refund'>;

interface RefundDeps {
  gateway: RefundGateway;
  store: Pick<Store, 'beginRefund'>;
}

/**
 * Makes a refund if, according to Postgres, the store still has to make it. Each attempt reads the refund again,
 * because the refund can change between two attempts. For example, an event of the gateway reports that the refund
 * failed, or an operator returns the money in another way.
 *
 * @returns the payment afterwards; null if there is nothing to refund, because the gateway has captured nothing
 */
export async function makeRefund(
  { gateway, store }: RefundDeps,
  { orderId, refundId }: Pick<Refund, 'orderId' | 'refundId'>,
): Promise<GatewayPayment | null> {
  const refund = await store.beginRefund({ orderId, refundId });
  if (refund === null) throw new StoreError(failureTypes.orderNotFound, 'There is no such refund.');
  return isToMake(refund) ? refundPayment(gateway, refund) : readCaptured(gateway, refund);
}

/**
 * Makes a refund. Does nothing if an earlier attempt has made the refund, or if other refunds or disputes leave less
 * than the amount of the refund. All attempts use the same idempotency key.
 *
 * @returns the payment afterwards; null if the gateway has captured nothing
 */
export async function refundPayment(gateway: RefundGateway, refund: Refund): Promise<GatewayPayment | null> {
  const { refundId, paymentId, amountMinor } = refund;
  const payment = await readCaptured(gateway, refund);
  if (payment === null) return null;
  const isMade = payment.refunds.some((made) => made.refundId === refundId && made.status !== 'failed');
  if (isMade || keptMinor(payment) < amountMinor) return payment;
  const idempotencyKey = refundWorkflowId(refundId);
  const made = await gateway.refund({ paymentId, refundId, amountMinor, idempotencyKey });
  const refundedMinor = payment.refundedMinor + (made.status === 'failed' ? 0 : amountMinor);
  return { ...payment, refundedMinor, refunds: [...payment.refunds, made] };
}

/**
 * Reads the payment of a refund.
 *
 * @returns null if the gateway has captured nothing
 * @throws GatewayError `GatewayMisconfigured` if the gateway does not know a payment that one of its events reported
 */
async function readCaptured(
  gateway: RefundGateway,
  { paymentId, paymentEventId }: Refund,
): Promise<GatewayPayment | null> {
  const payment = await gateway.getPayment(paymentId);
  if (payment === null && paymentEventId !== null) {
    const message =
      'The payment gateway does not know this payment. The payment was probably made at another account or another address of the gateway.';
    throw new GatewayError('GatewayMisconfigured', message);
  }
  return payment === null || payment.capturedMinor === 0 ? null : payment;
}

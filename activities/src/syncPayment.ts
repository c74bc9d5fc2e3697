import type { OrderState, SyncPaymentInput } from '@widget-store/contract';
import type { PaymentGateway } from './gateway';
import type { ReconcileDeps } from './reconcile/deps';

interface SyncDeps extends Pick<ReconcileDeps, 'monitor'> {
  gateway: Pick<PaymentGateway, 'getPayment'>;
  store: Pick<ReconcileDeps['store'], 'recordLedger' | 'readState'>;
}

/** Asks the gateway for a payment, and records its refunds and disputes on the order. */
export async function syncPayment(
  { gateway, store, monitor }: SyncDeps,
  { orderId, paymentId }: SyncPaymentInput,
): Promise<OrderState> {
  const payment = await gateway.getPayment(paymentId);
  if (payment !== null) monitor.countChanges(await store.recordLedger({ orderId, payment }));
  return store.readState(orderId);
}

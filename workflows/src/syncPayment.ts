import { CancellationScope, setHandler } from '@temporalio/workflow';
import { readPayment } from './gatewaySteps';
import { paymentChangedSignal, type SyncInput } from './messages';
import { setDetails, upsertOrderStatus } from './visibility';

/**
 * Records on an order what the gateway says about the refunds and disputes of its payment. An event of the gateway only
 * starts or signals this run, which then reads the whole payment. Repeated and reordered events are therefore harmless.
 * If an event is lost, the change is recorded after the next event of the payment, or by the reconciler. While the
 * gateway does not answer, the run retries. The run ends when no signal has arrived since it last began to read the
 * payment.
 */
export function syncPayment(input: SyncInput): Promise<void> {
  const { orderId, paymentId } = input;
  let isUnread = true;
  setHandler(paymentChangedSignal, () => {
    isUnread = true;
  });

  return CancellationScope.nonCancellable(async () => {
    while (isUnread) {
      isUnread = false;
      setDetails(`Asking the gateway for the refunds and disputes of payment ${paymentId}.`, input);
      const order = await readPayment({ orderId, paymentId });
      upsertOrderStatus({ orderId, ...order });
    }
    setDetails(`Order ${orderId} shows the refunds and disputes of payment ${paymentId}.`, input);
  });
}

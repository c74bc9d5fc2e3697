import { CancellationScope, setHandler } from '@temporalio/workflow';
import { readPayment } from './gatewaySteps';
import { paymentChangedSignal, type SyncInput } from './messages';
import { setDetails, upsertOrderStatus } from './visibility';

/**
 * Records on an order what the gateway says about the refunds and disputes of its payment. The gateway's events only
 * start or signal this run, so lost, repeated and reordered events are harmless. While the gateway does not answer, the
 * run retries. It ends after it has read the payment once more after the last signal.
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

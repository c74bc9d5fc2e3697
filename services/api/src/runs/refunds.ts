import type { Store } from '@widget-store/db';
import { refundByHandWorkflowId, workflowTypes } from '@widget-store/contract';
import { Problem } from '../problem';
import { inTime, refundRun, type RunsDeps } from './runs';

export interface RefundsDeps extends RunsDeps {
  store: Pick<Store, 'findCheckout'>;
}

/** The api's side of a refund that a person asks for. */
export interface Refunds {
  /**
   * Starts giving back whatever the gateway still keeps of a cancelled order's payment. Safe to repeat.
   *
   * @returns false when there is no such order
   * @throws Problem `order_not_refundable` when the order is not cancelled, or never had a payment
   */
  start(orderId: string): Promise<boolean>;
}

export function createRefunds(deps: RefundsDeps): Refunds {
  const { temporal, store } = deps;
  return {
    start: (orderId) =>
      inTime(deps, async () => {
        const checkout = await store.findCheckout({ orderId });
        if (checkout === undefined) return false;
        const { status, paymentId } = checkout;
        if (status !== 'CANCELLED' || paymentId === null) {
          const detail =
            'Only a cancelled order is refunded. Cancel the order first, which works until it is dispatched.';
          throw new Problem('order_not_refundable', detail);
        }
        const run = refundRun({ orderId, paymentId, claimed: false }, deps);
        await temporal.start(workflowTypes.refund, {
          ...run,
          workflowId: refundByHandWorkflowId(paymentId),
          // Also after a refund that has ended: who asks by hand may know better, and the gateway is asked what it keeps.
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        });
        return true;
      }),
  };
}

import { WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Checkout, Store } from '@widget-store/db';
import { failureTypes, workflowTypes } from '@widget-store/contract';
import type { PaymentPageBody } from '../openapi/schemas';
import { paymentPageUpdate } from '@widget-store/workflows/messages';
import { Problem } from '../problem';
import { checkoutRun, inTime, isClosed, joinedUpdateId, outlastingFailedTasks, type RunsDeps } from './runs';

export interface PaymentPagesDeps extends RunsDeps {
  store: Pick<Store, 'findCheckout'>;
}

/** The api's side of the step from the store to the gateway. */
export interface PaymentPages {
  /**
   * The gateway's page for a payment, which is opened there at the first request.
   *
   * @returns undefined when there is no such payment
   * @throws Problem `gateway_unavailable`
   */
  open(paymentId: string): Promise<PaymentPageBody | undefined>;
}

export function createPaymentPages(deps: PaymentPagesDeps): PaymentPages {
  const { temporal, store } = deps;

  async function askCheckout({ idempotencyKey, orderId }: Checkout): Promise<string | null> {
    const run = checkoutRun({ idempotencyKey, orderId }, deps);
    const ask = () =>
      temporal.executeUpdateWithStart(paymentPageUpdate, {
        updateId: joinedUpdateId('payment-page'),
        startWorkflowOperation: new WithStartWorkflowOperation(workflowTypes.checkout, run),
      });
    try {
      return (await outlastingFailedTasks(ask)).paymentUrl;
    } catch (error) {
      if (isClosed(error)) return null;
      throw isGatewayAway(error) ? new Problem('gateway_unavailable', 'The payment gateway does not answer.') : error;
    }
  }

  return {
    open: (paymentId) =>
      inTime(deps, async () => {
        const checkout = await store.findCheckout({ paymentId });
        if (checkout === undefined) return undefined;
        const { orderId, status, isExpired } = checkout;
        // An Update beside the window's end can spoil the run (`tests/src/temporal/coldQuery.test.ts`), and it is too late to pay.
        const isPayable = status === 'PENDING' && !isExpired;
        return { order_id: orderId, status, payment_url: isPayable ? await askCheckout(checkout) : null };
      }),
  };
}

function isGatewayAway(error: unknown): boolean {
  if (!(error instanceof WorkflowUpdateFailedError)) return false;
  const { cause } = error;
  return cause !== undefined && 'type' in cause && cause.type === failureTypes.gatewayUnavailable;
}

import { WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Checkout } from '@widget-store/db';
import { failureTypes, workflowTypes } from '@widget-store/contract';
import { paymentPageUpdate } from '@widget-store/workflows/messages';
import type { PaymentPageBody } from '../openapi/schemas';
import { Problem } from '../problem';
import { isClosed, retryFailedTasks, sharedUpdateId, withDeadline } from './calls';
import type { RunsContext } from './context';
import { checkoutRun } from './starts';

/**
 * Gets the gateway's page for a payment. The first request opens the payment at the gateway.
 *
 * @returns undefined if the payment does not exist
 * @throws Problem `gateway_unavailable`; or `payment_refused`, which is final for the payment
 */
export function openPaymentPage(context: RunsContext, paymentId: string): Promise<PaymentPageBody | undefined> {
  return withDeadline(context, async () => {
    const checkout = await context.store.findCheckout({ paymentId });
    if (checkout === undefined) return undefined;
    const { orderId, status, isExpired } = checkout;
    // After the window it is too late to pay, and an Update can break a run that is completing (`coldQuery.test.ts`).
    const isPayable = status === 'PENDING' && !isExpired;
    return { order_id: orderId, status, payment_url: isPayable ? await askForPage(context, checkout) : null };
  });
}

async function askForPage(context: RunsContext, { idempotencyKey, orderId }: Checkout): Promise<string | null> {
  const run = checkoutRun({ idempotencyKey, orderId }, context);
  const send = () =>
    context.temporal.executeUpdateWithStart(paymentPageUpdate, {
      updateId: sharedUpdateId('payment-page'),
      startWorkflowOperation: new WithStartWorkflowOperation(workflowTypes.checkout, run),
    });
  try {
    return (await retryFailedTasks(send)).paymentUrl;
  } catch (error) {
    if (isClosed(error)) return null;
    throw gatewayProblem(error) ?? error;
  }
}

function gatewayProblem(error: unknown): Problem | undefined {
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined;
  const { cause } = error;
  switch (cause !== undefined && 'type' in cause ? cause.type : undefined) {
    case failureTypes.gatewayRefused:
      return new Problem('payment_refused', 'The payment gateway refuses the payment of this order.');
    case failureTypes.gatewayUnavailable:
      return new Problem('gateway_unavailable', 'The payment gateway is not available at the moment.');
    default:
      return undefined;
  }
}

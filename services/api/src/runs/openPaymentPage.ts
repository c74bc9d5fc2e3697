import { WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Checkout } from '@widget-store/db';
import { failureTypes, workflowTypes } from '@widget-store/contract';
import { paymentPageUpdate } from '@widget-store/workflows/messages';
import type { PaymentPageBody } from '../openapi/orderSchemas';
import { Problem } from '../problem';
import { isClosed, retryFailedTasks, withDeadline } from './calls';
import type { RunsContext } from './context';
import { checkoutRun } from './starts';

/**
 * Gets the gateway's page for a payment. The first request opens the payment at the gateway. As long as this process
 * remembers the page, it answers later requests without the run, because a run accepts a limited number of Updates.
 *
 * @returns undefined if the payment does not exist
 * @throws Problem `gateway_unavailable`; `postgres_unavailable`; `temporal_unavailable` if no worker asks the gateway
 * in time; or `payment_refused`, which is final for the payment
 */
export function openPaymentPage(context: RunsContext, paymentId: string): Promise<PaymentPageBody | undefined> {
  return withDeadline(context, async () => {
    const checkout = await context.store.findCheckout({ paymentId });
    if (checkout === undefined) return undefined;
    const { orderId, status, isExpired } = checkout;
    // After the payment window, no Update is sent: it is too late to pay, and an Update can break a run that is
    // completing (`coldQuery.test.ts`).
    const isPayable = status === 'PENDING' && !isExpired;
    return { order_id: orderId, status, payment_url: isPayable ? await findPage(context, paymentId, checkout) : null };
  });
}

async function findPage(context: RunsContext, paymentId: string, checkout: Checkout): Promise<string | null> {
  const known = context.paymentPages.get(paymentId);
  if (known !== undefined) return known;
  const page = await askForPage(context, checkout);
  if (page !== null) context.paymentPages.remember(paymentId, page);
  return page;
}

async function askForPage(context: RunsContext, { idempotencyKey, orderId }: Checkout): Promise<string | null> {
  const run = checkoutRun({ idempotencyKey, orderId }, context);
  const send = () =>
    context.temporal.executeUpdateWithStart(paymentPageUpdate, {
      updateId: pageUpdateId(context.paymentWindowMs),
      startWorkflowOperation: new WithStartWorkflowOperation(workflowTypes.checkout, run),
    });
  try {
    return (await retryFailedTasks(send)).paymentUrl;
  } catch (error) {
    if (isClosed(error)) return null;
    throw pageProblem(error) ?? error;
  }
}

const sharedForMs = 2000;
/** The maximum number of page Updates. Temporal allows a run 2,000 Updates in total (`history.maxTotalUpdates`). */
const maxUpdatesPerWindow = 1500;

/**
 * The id of the Update. Requests within the same two seconds share one Update. If the payment window is longer than 50
 * minutes, this time is longer too, so that a run never gets too many Updates. Later requests send a new Update,
 * because a failed Update keeps its failure, and shoppers must be able to retry.
 */
function pageUpdateId(paymentWindowMs: number): string {
  return `payment-page/${Math.floor(Date.now() / Math.max(sharedForMs, paymentWindowMs / maxUpdatesPerWindow))}`;
}

function pageProblem(error: unknown): Problem | undefined {
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined;
  const { cause } = error;
  switch (cause !== undefined && 'type' in cause ? cause.type : undefined) {
    case failureTypes.gatewayRefused:
      return new Problem('payment_refused', 'The payment gateway refuses the payment of this order.');
    case failureTypes.gatewayUnavailable:
      return new Problem('gateway_unavailable', 'The payment gateway is not available at the moment.');
    case failureTypes.databaseUnavailable:
      return new Problem('postgres_unavailable', 'The database is not available at the moment.');
    case failureTypes.workerUnavailable:
      return new Problem('temporal_unavailable', 'No worker has opened the payment page in time. Try again.');
    default:
      return undefined;
  }
}

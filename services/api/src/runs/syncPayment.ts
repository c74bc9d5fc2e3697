import { isPaymentId, workflowTypes } from '@widget-store/contract';
import { paymentChangedSignal } from '@widget-store/workflows/messages';
import { withDeadline } from './calls';
import type { RunsContext } from './context';
import { syncPaymentRun } from './starts';

/** The payment whose refund or dispute has changed, named by the store's id or by an id of the gateway. */
export type ChangedPayment = { paymentId: string } | { intent: string };

/**
 * Starts or signals the run that reads a payment at the gateway, because a refund or a dispute of the payment has
 * changed. The run does not get the content of the gateway's event, because it reads the current state of the payment.
 *
 * @returns the order id, or null if the store does not know the payment
 */
export async function syncPayment(context: RunsContext, changed: ChangedPayment): Promise<string | null> {
  const { store, temporal } = context;
  const paymentId = 'intent' in changed ? await store.findPaymentOfIntent(changed.intent) : changed.paymentId;
  if (paymentId === null || !isPaymentId(paymentId)) return null;
  const order = await store.findCheckout({ paymentId });
  if (order === undefined) return null;
  const { orderId, status, paymentStatus } = order;
  const run = syncPaymentRun({ orderId, paymentId, status, paymentStatus }, context);
  await withDeadline(context, () =>
    temporal.signalWithStart(workflowTypes.syncPayment, { ...run, signal: paymentChangedSignal, signalArgs: [] }),
  );
  return orderId;
}

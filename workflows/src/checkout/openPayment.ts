import { log } from '@temporalio/workflow';
import { askedEventId, paysFor, type PlacedOrder } from '@widget-store/contract';
import { startRefund } from '../children';
import { closeCancelledPayment, closeExpiredPayment } from '../gatewaySteps';
import { setDetails } from '../visibility';
import type { Inbox } from './inbox';

/**
 * Tells the gateway at the end of the payment window to close the payment. A payment that was made before counts as if its
 * webhook had arrived. If the gateway does not answer within half a minute, the order expires without its word.
 */
export async function collectOrClosePayment(order: PlacedOrder, inbox: Inbox): Promise<void> {
  const { orderId, paymentId } = order;
  if (paymentId === null) return;
  const { publicUrl } = inbox;
  setDetails(`The payment window of order ${orderId} has ended. Asking the gateway for the payment.`, {
    orderId,
    publicUrl,
  });
  const payment = await closeExpiredPayment({ paymentId });
  inbox.gatewayAnswer = payment;
  // A payment that was refunded does not pay. It is there when Postgres was restored from a backup: the order is PENDING
  // again, although it was cancelled and refunded after the backup.
  if (payment === null || payment.capturedMinor === 0 || payment.refundedMinor > 0) return;
  // Another amount does not pay either: the order expires, and closeAndRefund starts the refund.
  if (paysFor(order, { amountMinor: payment.capturedMinor, currency: payment.currency })) {
    inbox.receivePayment({ status: 'paid', eventId: askedEventId });
  }
}

/** Closes the payment of a cancelled order, so that nobody can pay for it, and starts a refund if it was paid. */
export async function closeAndRefund({ orderId, paymentId }: PlacedOrder, inbox: Inbox): Promise<void> {
  if (paymentId === null) return;
  // A page that nobody has opened needs no closing. A payment event is the gateway's own end of the payment.
  const mayBeOpen = inbox.paymentUrl !== null && inbox.gatewayAnswer === null && inbox.payment === null;
  if (mayBeOpen) inbox.gatewayAnswer = await closeCancelledPayment({ paymentId });

  const { payment, gatewayAnswer, publicUrl } = inbox;
  const paid = payment?.status === 'paid' ? payment : null;
  const hasCaptured = gatewayAnswer !== null && gatewayAnswer.capturedMinor > 0;
  if (paid === null && !hasCaptured) return;
  log.warn('refunding a payment for a cancelled order', { orderId, paymentId });
  await startRefund({ orderId, paymentId, reportedPaid: true, eventId: paid?.eventId, publicUrl });
}

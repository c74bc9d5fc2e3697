import { log } from '@temporalio/workflow';
import { askedEventId, ownRefundId, paysFor, type PlacedOrder } from '@widget-store/contract';
import { startRefund } from '../children';
import { closeCancelledPayment, closeExpiredPayment } from '../gatewaySteps';
import { setDetails } from '../visibility';
import type { Inbox } from './inbox';

/**
 * At the end of the payment window, asks the gateway to close the payment. If the shopper has already paid, the answer
 * has the same effect as the webhook of the payment. If the gateway does not answer within half a minute, the order
 * expires all the same.
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
  // A refunded payment does not pay for the order. After a restore of Postgres, the order can be PENDING although it
  // was cancelled and refunded after the backup.
  if (payment === null || payment.capturedMinor === 0 || payment.refundedMinor > 0) return;
  // A payment of another amount does not pay for the order either. The order expires, and closeAndRefund starts the
  // refund.
  if (paysFor(order, { amountMinor: payment.capturedMinor, currency: payment.currency })) {
    inbox.receivePayment({ status: 'paid', eventId: askedEventId });
  }
}

/**
 * Closes the payment of a cancelled order, so that the shopper can no longer pay. If the shopper has already paid,
 * starts a refund.
 */
export async function closeAndRefund(order: PlacedOrder, inbox: Inbox): Promise<void> {
  const { orderId, paymentId, totalMinor } = order;
  if (paymentId === null) return;
  if (mayBeOpen(order, inbox)) inbox.gatewayAnswer = await closeCancelledPayment({ paymentId });

  const { payment, gatewayAnswer, publicUrl } = inbox;
  const paid = payment?.status === 'paid' ? payment : null;
  const capturedMinor = gatewayAnswer?.capturedMinor || (paid === null ? 0 : totalMinor);
  if (capturedMinor === 0) return;
  log.warn('refunding a payment for a cancelled order', { orderId, paymentId });
  const latePayment = { capturedMinor, eventId: paid === null ? askedEventId : paid.eventId };
  await startRefund({ orderId, refundId: ownRefundId(orderId), latePayment, publicUrl });
}

/**
 * The payment may be open at the gateway if a shopper has asked this run for the page, or if an earlier run placed the
 * order: that run may have opened the page. The payment is closed if the gateway has answered a request to close it, or
 * if a payment event has arrived: an event means that the payment has ended at the gateway.
 */
function mayBeOpen({ requestId, cancelReason }: PlacedOrder, inbox: Inbox): boolean {
  // At the end of the payment window, collectOrClosePayment has asked the gateway to close the page of an earlier run.
  const mayBeOpenFromBefore = requestId !== inbox.requestId && cancelReason !== 'payment_expired';
  return (inbox.paymentUrl !== null || mayBeOpenFromBefore) && inbox.gatewayAnswer === null && inbox.payment === null;
}

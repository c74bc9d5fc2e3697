import { log } from '@temporalio/workflow';
import { askedEventId, paysFor, type PlacedOrder } from '@widget-store/contract';
import { startRefund } from '../children';
import { closeCancelledPayment, closeExpiredPayment } from '../gatewaySteps';
import { setDetails } from '../visibility';
import type { Inbox } from './inbox';

/*
 * How an open payment ends when no webhook has said that it was paid or that it failed.
 */

/**
 * Asks the gateway at the end of the payment window, because its webhook may be lost. A payment that was made counts as if
 * the webhook had reported it; one that was not made is closed where the gateway supports that.
 */
export async function askGateway(order: PlacedOrder, inbox: Inbox): Promise<void> {
  const { orderId, paymentId } = order;
  if (paymentId === null) return;
  const { publicUrl } = inbox;
  setDetails(`The payment window of order ${orderId} has ended. Asking the gateway for the payment.`, {
    orderId,
    publicUrl,
  });
  const payment = await closeExpiredPayment({ paymentId });
  inbox.closedPayment = payment;
  // Money that went back pays for nothing: Postgres was restored to a moment before the order was cancelled.
  if (payment === null || payment.capturedMinor === 0 || payment.refundedMinor > 0) return;
  if (paysFor(order, { amountMinor: payment.capturedMinor, currency: payment.currency })) {
    inbox.receivePayment({ status: 'paid', eventId: askedEventId });
  }
}

/** Closes the payment of a cancelled order, so that nobody pays for it any more, and refunds what was paid all the same. */
export async function closeAndRefund({ orderId, paymentId }: PlacedOrder, inbox: Inbox): Promise<void> {
  if (paymentId === null) return;
  const mayBeOpen = inbox.paymentUrl !== null && inbox.closedPayment === null && inbox.payment === null;
  if (mayBeOpen) inbox.closedPayment = await closeCancelledPayment({ paymentId });

  const { payment, closedPayment, publicUrl } = inbox;
  const paid = payment?.status === 'paid' ? payment : null;
  const hasCaptured = closedPayment !== null && closedPayment.capturedMinor > 0;
  if (paid === null && !hasCaptured) return;
  log.warn('refunding a payment for a cancelled order', { orderId, paymentId });
  await startRefund({ orderId, paymentId, reportedPaid: true, eventId: paid?.eventId, publicUrl });
}

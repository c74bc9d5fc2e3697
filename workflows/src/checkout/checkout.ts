import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import { isRefused, type OrderState, type PlacedOrder, type RefusedCheckout } from '@widget-store/contract';
import { startDispatch } from '../children';
import { cancelOrder, markOrderPaid, placeOrder } from '../databaseSteps';
import type { CheckoutInput } from '../messages';
import { type Inbox, openInbox } from './inbox';
import { closeAndRefund, collectOrClosePayment } from './openPayment';

/** The state of the order at the end of the checkout. A PAID order continues in its dispatch workflow. */
export interface CheckoutResult extends OrderState {
  orderId: string;
}

/**
 * One checkout: reserve the stock, wait for the payment, then start the dispatch or cancel the order. A cancellation
 * request from the Temporal Web UI never interrupts the checkout. The checkout treats this request like `cancelUpdate`:
 * as one more event to wait for.
 */
export function checkout(input: CheckoutInput): Promise<CheckoutResult | RefusedCheckout> {
  const inbox = openInbox(input);

  return CancellationScope.nonCancellable(async () => {
    const placed = await placeOrder(input, inbox.delay);
    if (isRefused(placed)) return inbox.refuse(placed);
    let order = inbox.publish(placed);

    if (order.status === 'PENDING') {
      const windowEnded = !(await inbox.paymentOrCancellation(order.paymentWindowLeftMs));
      // A webhook can be lost, so the run asks the gateway before the order expires.
      if (windowEnded) await collectOrClosePayment(order, inbox);
      const outcome = await settle(order, inbox);
      order = inbox.publish({ ...order, ...outcome });
    }

    if (order.status === 'PAID') await startDispatch({ orderId: order.orderId, publicUrl: input.publicUrl });
    // A handler may still be opening the payment page. The page can be closed only after this handler has finished.
    await condition(allHandlersFinished);
    // This step comes last, so it sees a payment that arrived during the steps above. For a later payment, the api or
    // the reconciler starts the refund.
    if (order.status === 'CANCELLED') await closeAndRefund(order, inbox);
    return resultOf(order);
  });
}

/**
 * Chooses the outcome from everything that has arrived so far, whatever came first. Paid wins over failed, failed wins
 * over a cancellation request, and a cancellation request wins over the end of the window. `markOrderPaid` and
 * `cancelOrder` return the state of the order's row. If an earlier run has already decided the order, this state can
 * differ from the outcome chosen here.
 */
function settle({ orderId }: PlacedOrder, inbox: Inbox): Promise<OrderState> {
  inbox.decided = true;
  const { payment, cancelRequested } = inbox;
  if (payment?.status === 'paid') return markOrderPaid({ orderId, paymentEventId: payment.eventId });
  if (payment !== null) return cancelOrder({ orderId, reason: 'payment_failed' });
  return cancelOrder({ orderId, reason: cancelRequested ? 'cancelled' : 'payment_expired' });
}

function resultOf({ orderId, paymentId, status, paymentStatus, cancelReason }: PlacedOrder): CheckoutResult {
  return { orderId, paymentId, status, paymentStatus, cancelReason };
}

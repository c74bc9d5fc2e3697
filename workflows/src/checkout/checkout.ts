import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import type { OrderState, PlacedOrder } from '@widget-store/contract';
import { startDispatch } from '../children';
import { cancelOrder, markOrderPaid, placeOrder } from '../databaseSteps';
import type { CheckoutInput } from '../messages';
import { type Inbox, openInbox } from './inbox';
import { askGateway, closeAndRefund } from './openPayment';

/** Where the checkout left the order. A PAID order continues in its dispatch workflow. */
export interface CheckoutResult extends OrderState {
  orderId: string;
}

/**
 * One checkout: reserve the stock, wait for the payment, then fulfil the order or undo it. A cancellation request from the
 * Temporal Web UI is one more event to wait for, never an interruption: every order ends dispatched or cancelled.
 */
export function checkout(input: CheckoutInput): Promise<CheckoutResult> {
  const inbox = openInbox(input);

  return CancellationScope.nonCancellable(async () => {
    let order = inbox.publish(await placeOrder(input));

    if (order.status === 'PENDING') {
      const cameInTime = await inbox.paymentOrCancellation(order.paymentWindowLeftMs);
      // A webhook can be lost, so no order expires before the gateway was asked.
      if (!cameInTime) await askGateway(order, inbox);
      order = inbox.publish({ ...order, ...(await settle(order, inbox)) });
    }

    if (order.status === 'PAID') await startDispatch({ orderId: order.orderId, publicUrl: input.publicUrl });
    // A shopper may still be waiting for the payment page.
    await condition(allHandlersFinished);
    // Last, because a payment can arrive while the order is being cancelled.
    if (order.status === 'CANCELLED') await closeAndRefund(order, inbox);
    return resultOf(order);
  });
}

/** A payment wins over everything else that arrived before this moment, in whatever order it arrived. */
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

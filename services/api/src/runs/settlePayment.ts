import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Checkout } from '@widget-store/db';
import { isOver, ownRefundId, type PaymentEvent, paysFor, workflowTypes } from '@widget-store/contract';
import { orderIdQuery, paymentSignal } from '@widget-store/workflows/messages';
import { Problem } from '../problem';
import type { ChangeWait } from '../watches/changeWaits';
import { isClosed, queryOpenRun, withDeadline } from './calls';
import type { RunsContext } from './context';
import { checkoutRun, dispatchRun, refundRun, startOrJoin } from './starts';

/** The content of a gateway's webhook: the outcome of a payment. */
export interface PaymentNotification extends PaymentEvent {
  paymentId: string;
  /** What the gateway captured, in integer minor units. Absent if the webhook was not signed. */
  amount?: { amountMinor: number; currency: string };
}

/**
 * If the order is neither dispatched nor cancelled, sends the outcome of its payment to the checkout run as a signal,
 * and waits until the order shows the outcome. A payment for an order that is already cancelled is refunded.
 *
 * @returns the order id, or null if the payment does not exist
 * @throws Problem `webhook_amount_mismatch` if the amount or currency of the notification differs from the order's
 * total
 */
export async function settlePayment(context: RunsContext, notification: PaymentNotification): Promise<string | null> {
  const { paymentId, amount } = notification;
  const checkout = await context.store.findCheckout({ paymentId });
  if (checkout === undefined) return null;
  if (amount !== undefined && !paysFor(checkout, amount)) {
    throw new Problem('webhook_amount_mismatch', 'The order has another amount or currency than the webhook.');
  }
  await withDeadline(context, async () => {
    if (isOver(checkout.status)) return settleLate(context, checkout, notification);
    try {
      return await signalCheckout(context, checkout, notification);
    } catch (error) {
      if (!isClosed(error)) throw error;
      const current = await context.store.findCheckout({ paymentId });
      return settleLate(context, current ?? checkout, notification);
    }
  });
  return checkout.orderId;
}

async function signalCheckout(
  context: RunsContext,
  { idempotencyKey, orderId }: Checkout,
  { paymentId, status, eventId }: PaymentNotification,
  allowDuplicate = false,
): Promise<void> {
  const change = context.changes.listen(orderId);
  try {
    const event: PaymentEvent = { status, ...(eventId && { eventId }) };
    // If Temporal no longer has the run, this call starts a new one, which continues the order from Postgres.
    const run = await context.temporal.signalWithStart(workflowTypes.checkout, {
      ...checkoutRun({ idempotencyKey, orderId, allowDuplicate }, context),
      signal: paymentSignal,
      signalArgs: [event],
    });
    await awaitDecision(context, { orderId, paymentId, run, change });
  } finally {
    change.end();
  }
}

/**
 * The delay between Queries doubles, because an order can stay undecided for seconds while its run asks the gateway.
 */
const queryDelayMs = { first: 10, longest: 200 };
/**
 * How long to wait for a change of the order's row after the last Query. If the row does not change in time, the
 * webhook still succeeds, because Temporal has already stored the outcome durably.
 */
const rowWaitMs = 1000;

interface SignalledRun {
  orderId: string;
  paymentId: string;
  run: WorkflowHandle;
  change: ChangeWait;
}

/**
 * Waits until the order has left PENDING, so that the client's next read shows the outcome. If this process knows the
 * payment's order (`orderIds`), waits for a change of the order's row. Otherwise, or if the row does not change in
 * time, queries the run.
 */
async function awaitDecision(
  { store, orderIds, deadlineMs }: RunsContext,
  { orderId, paymentId, run, change }: SignalledRun,
): Promise<void> {
  const isDecided = async () => (await store.findCheckout({ orderId }))?.status !== 'PENDING';
  const isKnown = orderIds.get(paymentId) === orderId;
  if (isKnown && (await change.until(isDecided, deadlineMs / 2))) return;
  // The Query returns null while the order is undecided, and undefined if the run is closed. The deadline of the caller
  // ends the loop.
  for (let ms = queryDelayMs.first; (await queryOpenRun(run, orderIdQuery)) === null; ms *= 2) {
    await delay(Math.min(ms, queryDelayMs.longest));
  }
  await change.until(isDecided, rowWaitMs);
}

/**
 * Settles a payment whose order is already decided, or whose checkout run is closed. The status in the order's row
 * decides what must be done.
 */
async function settleLate(context: RunsContext, checkout: Checkout, notification: PaymentNotification): Promise<void> {
  const { status, eventId } = notification;
  const { orderId, status: orderStatus } = checkout;
  switch (orderStatus) {
    case 'PENDING':
      // The closed run had decided the order, but then Postgres was restored to an earlier moment.
      return signalCheckout(context, checkout, notification, true);
    case 'PAID':
      // The checkout run has started the dispatch. If somebody has terminated the dispatch, this call starts a new one,
      // which continues from the order's row.
      await startOrJoin(context, workflowTypes.dispatch, dispatchRun({ orderId }, context));
      return undefined;
    case 'CANCELLED': {
      if (status !== 'paid') return undefined;
      const latePayment = { capturedMinor: checkout.totalMinor, ...(eventId && { eventId }) };
      const refund = { orderId, refundId: ownRefundId(orderId), latePayment, orderStatus };
      await startOrJoin(context, workflowTypes.refund, refundRun(refund, context));
      return undefined;
    }
    case 'DISPATCHED':
      return undefined;
    default:
      return orderStatus satisfies never;
  }
}

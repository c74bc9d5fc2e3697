import { setTimeout as delay } from 'node:timers/promises';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Checkout } from '@widget-store/db';
import { isOver, type OrderStatus, workflowTypes } from '@widget-store/contract';
import { cancelUpdate } from '@widget-store/workflows/messages';
import { Problem } from '../problem';
import { isClosed, retryFailedTasks, sharedUpdateId, withDeadline } from './calls';
import type { RunsContext } from './context';
import { checkoutRun, dispatchRun, startOrJoin } from './starts';

const retryDelayMs = 10;
const expiryPollMs = 200;

/**
 * Cancels an order that is not dispatched yet: its stock is released, and a payment that was made is refunded.
 *
 * @returns where the order then stands: CANCELLED, or DISPATCHED when that came first; undefined when there is no such
 * order
 */
export function cancelOrder(context: RunsContext, orderId: string): Promise<OrderStatus | undefined> {
  return withDeadline(context, async () => {
    let closedAt: OrderStatus | undefined;
    for (const endMs = Date.now() + context.deadlineMs; Date.now() < endMs;) {
      const checkout = await context.store.findCheckout({ orderId });
      if (checkout === undefined || isOver(checkout.status)) return checkout?.status;
      const { status, isExpired } = checkout;
      // A run closes after its row has moved on. A row that stays behind was restored, and its work has to be repeated.
      const allowDuplicate = status === closedAt;
      const isOpen =
        status === 'PENDING' && isExpired
          ? await awaitExpiry(context, checkout, allowDuplicate)
          : await askToCancel(context, checkout, allowDuplicate);
      closedAt = isOpen ? undefined : status;
      if (!isOpen) await delay(retryDelayMs);
    }
    throw new Problem('temporal_unavailable', 'The order is not decided yet.');
  });
}

/**
 * Asks the run that is responsible for the order. With start, because Temporal may have lost the checkout of a pending
 * order, and because the checkout of a paid order may be about to start the dispatch, which it then joins.
 *
 * @returns false when the run is closed
 */
async function askToCancel(
  context: RunsContext,
  { status, idempotencyKey, orderId }: Checkout,
  allowDuplicate: boolean,
): Promise<boolean> {
  const start = () =>
    status === 'PENDING'
      ? new WithStartWorkflowOperation(
          workflowTypes.checkout,
          checkoutRun({ idempotencyKey, orderId, allowDuplicate }, context),
        )
      : new WithStartWorkflowOperation(workflowTypes.dispatch, dispatchRun({ orderId, allowDuplicate }, context));
  try {
    await retryFailedTasks(() =>
      context.temporal.executeUpdateWithStart(cancelUpdate, {
        updateId: sharedUpdateId('cancel'),
        startWorkflowOperation: start(),
      }),
    );
    return true;
  } catch (error) {
    if (!isClosed(error)) throw error;
    return false;
  }
}

/**
 * Lets a checkout whose payment window has ended decide the order. It must not get an Update, which can break a run
 * that is completing (`tests/src/temporal/coldQuery.test.ts`), so this only makes sure that the run exists.
 *
 * @returns false when the run is closed
 */
async function awaitExpiry(
  context: RunsContext,
  { idempotencyKey, orderId }: Checkout,
  allowDuplicate: boolean,
): Promise<boolean> {
  const run = checkoutRun({ idempotencyKey, orderId, allowDuplicate }, context);
  const isOpen = await startOrJoin(context, workflowTypes.checkout, run);
  await delay(expiryPollMs);
  return isOpen;
}

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Checkout } from '@widget-store/db';
import { isOver, type OrderStatus, workflowTypes } from '@widget-store/contract';
import { cancelUpdate, cancelUpdateId } from '@widget-store/workflows/messages';
import { Problem, toProblem } from '../problem';
import { isClosed, retryFailedTasks, withDeadline } from './calls';
import type { RunsContext } from './context';
import { findDelay } from './delayedRun';
import { checkoutRun, dispatchRun, startOrJoin } from './starts';

const retryDelayMs = 10;
const expiryPollMs = 200;

/**
 * Cancels an order that is not shipped yet: its stock is released, and its payment, if there is one, is refunded.
 *
 * @returns the final status of the order: CANCELLED, or DISPATCHED if the dispatch ended first. PAID if only an operator
 * can cancel the order, and none has asked for it. Undefined if the order does not exist
 * @throws Problem `product_busy`, `postgres_unavailable` or `gateway_unavailable` while the run continues its attempts;
 * `temporal_unavailable` if there is another reason for the delay
 */
export async function cancelOrder(context: RunsContext, orderId: string): Promise<OrderStatus | undefined> {
  try {
    return await withDeadline(context, () => cancelInTime(context, orderId));
  } catch (error) {
    if (toProblem(error).code !== 'temporal_unavailable') throw error;
    const checkout = await context.store.findCheckout({ orderId });
    throw (checkout && (await findDelay(context, checkout))) ?? error;
  }
}

async function cancelInTime(context: RunsContext, orderId: string): Promise<OrderStatus | undefined> {
  let doneAt: OrderStatus | undefined;
  for (const endMs = Date.now() + context.deadlineMs; Date.now() < endMs;) {
    const checkout = await context.store.findCheckout({ orderId });
    if (checkout === undefined || isOver(checkout.status) || checkout.needsOperatorToCancel) return checkout?.status;
    const { status, isExpired } = checkout;
    // A run changes its order's row before it answers. If the row is unchanged although the run has answered or is
    // closed, a new run must cancel the order. There are two such cases: Postgres was restored from a backup, or the
    // dispatch run has ended and the order waits for an operator to ship it.
    const allowDuplicate = status === doneAt;
    if (allowDuplicate) await delay(retryDelayMs);
    if (status === 'PENDING' && isExpired) {
      doneAt = (await awaitExpiry(context, checkout, allowDuplicate)) ? undefined : status;
    } else {
      await askToCancel(context, checkout, allowDuplicate);
      doneAt = status;
    }
  }
  throw new Problem('temporal_unavailable', 'The store has not yet decided whether the order is paid or cancelled.');
}

/**
 * Asks the order's checkout or dispatch run to cancel the order, and starts that run if it does not exist. The run does
 * not exist, for example, if Temporal has lost the checkout of a pending order, or if the checkout of a paid order has
 * not started the dispatch yet. In the second case, the checkout later finds the dispatch run and starts no other one.
 * Resolves when the run has answered or is closed.
 */
async function askToCancel(
  context: RunsContext,
  { status, idempotencyKey, orderId }: Checkout,
  allowDuplicate: boolean,
): Promise<void> {
  // All cancellations of a run share one Update id, so that the run decides once. A closed run would answer this id with
  // its earlier result, so an Update that can start a new run needs another id.
  const updateId = allowDuplicate ? `${cancelUpdateId}/${randomUUID()}` : cancelUpdateId;
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
        updateId,
        startWorkflowOperation: start(),
      }),
    );
  } catch (error) {
    if (!isClosed(error)) throw error;
  }
}

/**
 * Lets the checkout run decide about an order whose payment window has ended: starts the run if it does not exist, and
 * waits for `expiryPollMs`. Sends no Update, because an Update can break a run that is completing
 * (`tests/src/temporal/coldQuery.test.ts`).
 *
 * @returns false if the run is closed
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

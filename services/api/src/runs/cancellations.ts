import { setTimeout as delay } from 'node:timers/promises';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Checkout, Store } from '@widget-store/db';
import { isOver, type OrderStatus, workflowTypes } from '@widget-store/contract';
import { cancelUpdate } from '@widget-store/workflows/messages';
import { Problem } from '../problem';
import {
  anew,
  checkoutRun,
  dispatchRun,
  inTime,
  isClosed,
  joinedUpdateId,
  outlastingFailedTasks,
  type RunsDeps,
  startOnce,
} from './runs';

export interface CancellationsDeps extends RunsDeps {
  store: Pick<Store, 'findCheckout'>;
}

/** The api's side of an order that somebody changed their mind about. */
export interface Cancellations {
  /**
   * Cancels an order that is not dispatched yet: its stock is released, and a payment that was made goes back.
   *
   * @returns where the order stands then, CANCELLED or DISPATCHED when that was faster; undefined when there is no such order
   */
  cancel(orderId: string): Promise<OrderStatus | undefined>;
}

type Again = Partial<typeof anew>;

const askAgainAfterMs = 10;
const lookAgainAfterMs = 200;

export function createCancellations(deps: CancellationsDeps): Cancellations {
  const { temporal, store, deadlineMs } = deps;

  /**
   * Asks the run that has the order in hand. With start, because Temporal may have lost the checkout of a pending order, and
   * because the checkout of a paid one may be about to start the dispatch: then it finds it there.
   *
   * @returns false when the run has ended: the word is the row's
   */
  async function ask({ status, idempotencyKey, orderId }: Checkout, again: Again): Promise<boolean> {
    const start = () =>
      status === 'PENDING'
        ? new WithStartWorkflowOperation(workflowTypes.checkout, {
            ...checkoutRun({ idempotencyKey, orderId }, deps),
            ...again,
          })
        : new WithStartWorkflowOperation(workflowTypes.dispatch, { ...dispatchRun(orderId, deps), ...again });
    try {
      await outlastingFailedTasks(() =>
        temporal.executeUpdateWithStart(cancelUpdate, {
          updateId: joinedUpdateId('cancel'),
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
   * A checkout whose window has ended is about to decide the order, and an Update beside that end can spoil its run
   * (`tests/src/temporal/coldQuery.test.ts`). So it is only seen to that there is one, and the row is looked at again.
   *
   * @returns false when the run has ended
   */
  async function awaitDecision({ idempotencyKey, orderId }: Checkout, again: Again): Promise<boolean> {
    const run = { ...checkoutRun({ idempotencyKey, orderId }, deps), ...again };
    const isThere = await startOnce(deps, workflowTypes.checkout, run);
    await delay(lookAgainAfterMs);
    return isThere;
  }

  return {
    cancel: (orderId) =>
      inTime(deps, async () => {
        let endedAt: OrderStatus | undefined;
        for (const endMs = Date.now() + deadlineMs; Date.now() < endMs;) {
          const checkout = await store.findCheckout({ orderId });
          if (checkout === undefined || isOver(checkout.status)) return checkout?.status;
          const { status, isExpired } = checkout;
          // A run ends after its row has moved on. Where it has not, Postgres was restored, and the work is to be done anew.
          const again = status === endedAt ? anew : {};
          const isAsked = status === 'PENDING' && isExpired ? awaitDecision(checkout, again) : ask(checkout, again);
          endedAt = (await isAsked) ? undefined : status;
          if (endedAt !== undefined) await delay(askAgainAfterMs);
        }
        throw new Problem('temporal_unavailable', 'The order is not decided yet.');
      }),
  };
}

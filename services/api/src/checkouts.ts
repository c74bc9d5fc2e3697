import { WithStartWorkflowOperation, type WorkflowClient, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Store } from '@widget-store/db';
import { checkoutWorkflowId, type PlacedOrder, workflowTypes } from '@widget-store/workflows/contract';
import { checkoutQuery, reservationUpdate, reservationUpdateId } from '@widget-store/workflows/messages';
import type { Cart } from './cart';
import { Problem } from './problem';
import { checkoutRun, inTime, isClosed, outlastingFailedTasks, type RunsDeps } from './runs';

export interface CheckoutsDeps extends RunsDeps {
  store: Pick<Store, 'findPlaced'>;
}

/** The api's side of the checkout workflow before the payment: start it, ask it for its ids. */
export interface Checkouts {
  /**
   * Starts the checkout of a key, or joins the one there is, and waits until its reservation is decided.
   *
   * @throws Problem `idempotency_key_reused` when the key was first used for another cart
   */
  start(idempotencyKey: string, cart: Cart): Promise<StartedCheckout>;
  /** Where the checkout of a key stands; undefined when nobody used the key. */
  find(idempotencyKey: string): Promise<PlacedOrder | undefined>;
}

interface StartedCheckout {
  order: PlacedOrder;
  /** Whether an earlier request placed the order. */
  replayed: boolean;
}

export function createCheckouts(deps: CheckoutsDeps): Checkouts {
  const { temporal, store } = deps;
  return {
    start: (idempotencyKey, cart) =>
      inTime(deps, async () => {
        const options = checkoutRun({ idempotencyKey, cart }, deps);
        await untilReserved(temporal, options);
        const order = await temporal.getHandle(options.workflowId).query(checkoutQuery);
        if (order === null) throw new Problem('temporal_unavailable', 'The checkout is not decided yet.');
        if (order.fingerprint !== cart.fingerprint) {
          throw new Problem('idempotency_key_reused', 'This idempotency key was used for another cart.');
        }
        return { order, replayed: order.requestId !== options.args[0].requestId };
      }),

    find: (idempotencyKey) =>
      inTime(deps, async () => {
        try {
          const order = await temporal.getHandle(checkoutWorkflowId(idempotencyKey)).query(checkoutQuery);
          if (order !== null) return order;
        } catch (error) {
          if (!isClosed(error)) throw error;
        }
        // Temporal forgets a run at the end of its retention; Postgres does not.
        return store.findPlaced(idempotencyKey);
      }),
  };
}

/**
 * Starts or joins the run and waits until its reservation is decided. A run that is closed, or whose wait failed, still
 * answers its Queries, and they have the last word.
 */
async function untilReserved(temporal: WorkflowClient, options: ReturnType<typeof checkoutRun>): Promise<void> {
  try {
    await outlastingFailedTasks(() =>
      temporal.executeUpdateWithStart(reservationUpdate, {
        updateId: reservationUpdateId,
        startWorkflowOperation: new WithStartWorkflowOperation(workflowTypes.checkout, options),
      }),
    );
  } catch (error) {
    if (!isClosed(error) && !(error instanceof WorkflowUpdateFailedError)) throw error;
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { DBOS } from '@dbos-inc/dbos-sdk';
import type { DispatchShape } from './env.js';
import {
  cancelOrder,
  dispatchTicks,
  markOrderPaid,
  paymentWindowSeconds,
  placeOrder,
  type PlacedOrder,
  type PlaceOrderInput,
  readProgress,
  type Sql,
  tickDispatch,
} from './store.js';

/**
 * The events of a checkout. The checkout request waits for `reservedEvent`, and the webhook request waits for
 * `settledEvent`.
 */
export const reservedEvent = 'reserved';
export const settledEvent = 'settled';
/** The topic on which a checkout receives the outcome of its payment. */
export const paymentTopic = 'payment';

export interface Workflows {
  checkout: (input: PlaceOrderInput) => Promise<void>;
}

const tickMs = 1000;

/**
 * Registers workflows like those of the widget store in DBOS's demos: reserve, await the payment, then fulfil or undo.
 * If the process dies before the checkpoint of a step, DBOS repeats the step. So every SQL statement in a step is safe
 * to run twice.
 */
export function registerWorkflows(sql: Sql, { dispatchShape }: { dispatchShape: DispatchShape }): Workflows {
  // Without retries, a short outage of the database would fail the workflow.
  const retries = { retriesAllowed: true, maxAttempts: 10 };
  const step = <T>(name: string, work: () => Promise<T>): Promise<T> => DBOS.runStep(work, { name, ...retries });

  async function dispatchWithSleeps(orderId: string): Promise<void> {
    for (let remaining = dispatchTicks; remaining > 0; remaining--) {
      await DBOS.sleep(tickMs);
      await step('tickDispatch', () => tickDispatch(sql, orderId, remaining));
    }
  }

  async function dispatchInOneStep(orderId: string): Promise<void> {
    await step('dispatchOrder', async () => {
      // If DBOS repeats this step, the loop continues from the progress in the order's row.
      for (let remaining = await readProgress(sql, orderId); remaining > 0; remaining--) {
        await delay(tickMs);
        await tickDispatch(sql, orderId, remaining);
      }
    });
  }

  const dispatch = DBOS.registerWorkflow(dispatchShape === 'sleeps' ? dispatchWithSleeps : dispatchInOneStep, {
    name: 'dispatch',
  });

  const checkout = DBOS.registerWorkflow(
    async (input: PlaceOrderInput): Promise<void> => {
      const order: PlacedOrder = await step('placeOrder', () => placeOrder(sql, input));
      const { orderId } = order;
      await DBOS.setEvent(reservedEvent, order);
      if (order.status !== 'PENDING') return;

      const payment = await DBOS.recv<string>(paymentTopic, paymentWindowSeconds);
      if (payment === 'paid') {
        await step('markOrderPaid', () => markOrderPaid(sql, orderId));
        await DBOS.setEvent(settledEvent, orderId);
        await DBOS.startWorkflow(dispatch, { workflowID: `dispatch/${orderId}` })(orderId);
      } else {
        await step('cancelOrder', () => cancelOrder(sql, orderId, payment === null ? 'expired' : 'failed'));
        await DBOS.setEvent(settledEvent, orderId);
      }
    },
    { name: 'checkout' },
  );

  return { checkout };
}

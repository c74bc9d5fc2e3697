import { DBOS } from '@dbos-inc/dbos-sdk';
import {
  cancelOrder,
  markOrderPaid,
  paymentWindowSeconds,
  placeOrder,
  type PlacedOrder,
  type PlaceOrderInput,
  type Sql,
  tickDispatch,
} from './store.js';

/** What a checkout tells whoever started it, and whoever brought the news of its payment. */
export const reservedEvent = 'reserved';
export const settledEvent = 'settled';
/** Where a checkout hears how its payment ended. */
export const paymentTopic = 'payment';

export interface Workflows {
  checkout: (input: PlaceOrderInput) => Promise<void>;
}

/** The workflows of the DBOS widget store: reserve, await the payment, then fulfil or undo. */
export function registerWorkflows(sql: Sql): Workflows {
  const step = <T>(name: string, work: (sql: Sql) => Promise<T>): Promise<T> => DBOS.runStep(() => work(sql), { name });

  const dispatch = DBOS.registerWorkflow(
    async (orderId: string): Promise<void> => {
      for (let remaining = 10; remaining > 0; remaining--) {
        await DBOS.sleep(1000);
        await step('tickDispatch', (db) => tickDispatch(db, orderId, remaining));
      }
    },
    { name: 'dispatch' },
  );

  const checkout = DBOS.registerWorkflow(
    async (input: PlaceOrderInput): Promise<void> => {
      const order: PlacedOrder = await step('placeOrder', (db) => placeOrder(db, input));
      const { orderId } = order;
      await DBOS.setEvent(reservedEvent, order);
      if (order.status !== 'PENDING') return;

      const payment = await DBOS.recv<string>(paymentTopic, paymentWindowSeconds);
      if (payment === 'paid') {
        await step('markOrderPaid', (db) => markOrderPaid(db, orderId));
        await DBOS.setEvent(settledEvent, orderId);
        await DBOS.startWorkflow(dispatch, { workflowID: `dispatch/${orderId}` })(orderId);
      } else {
        await step('cancelOrder', (db) => cancelOrder(db, orderId, payment === null ? 'expired' : 'failed'));
        await DBOS.setEvent(settledEvent, orderId);
      }
    },
    { name: 'checkout' },
  );

  return { checkout };
}

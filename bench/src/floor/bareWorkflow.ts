import {
  allHandlersFinished,
  condition,
  ParentClosePolicy,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  startChild,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import {
  type Activities,
  type OrderState,
  type PaymentEvent,
  type PlacedOrder,
  workflowTypes,
} from '@widget-store/contract';
import {
  type CheckoutInput,
  checkoutQuery,
  type DispatchInput,
  orderIdQuery,
  paymentSignal,
  reservationUpdate,
} from '@widget-store/workflows/messages';
import { dispatchStart, searchAttributesOf } from '@widget-store/workflows/starts';

/*
 * Workflows for which Temporal does the same work as for an order. They have the same tasks, activities, timers,
 * messages and payloads as `checkout` and `dispatch`, and do nothing else. `bareWorkflow.servers.test.ts` compares
 * their events with `storeEvents`, and the benchmark compares `storeEvents` with the recorded histories.
 */

const startToCloseTimeout = '10 seconds';
const { placeOrder } = proxyLocalActivities<Activities>({ startToCloseTimeout });
const { markOrderPaid, cancelOrder } = proxyActivities<Activities>({ startToCloseTimeout });
const { dispatchOrder } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '5 seconds',
});

export async function checkout(input: CheckoutInput): Promise<OrderState> {
  let order: PlacedOrder | undefined;
  let payment: PaymentEvent | undefined;
  setHandler(paymentSignal, (event) => {
    payment ??= event;
  });
  setHandler(checkoutQuery, () => order ?? null);
  setHandler(orderIdQuery, () => (payment === undefined ? null : (order?.orderId ?? null)));
  setHandler(reservationUpdate, async () => {
    await condition(() => order !== undefined);
    return { requestId: input.requestId };
  });

  order = await placeOrder(input);
  const { orderId } = order;
  await condition(() => payment !== undefined, input.paymentWindowMs);
  const isPaid = payment?.status === 'paid';
  const state = await (isPaid ? markOrderPaid({ orderId }) : cancelOrder({ orderId, reason: 'payment_failed' }));
  upsertSearchAttributes(searchAttributesOf({ orderId, ...state }));
  if (isPaid) {
    const start = dispatchStart({ orderId, publicUrl: input.publicUrl });
    await startChild(workflowTypes.dispatch, { parentClosePolicy: ParentClosePolicy.ABANDON, ...start });
  }
  await condition(allHandlersFinished);
  return state;
}

export async function dispatch({ orderId }: DispatchInput): Promise<void> {
  const state = await dispatchOrder({ orderId });
  upsertSearchAttributes(searchAttributesOf({ orderId, ...state }));
}

import {
  allHandlersFinished,
  CancellationScope,
  condition,
  ParentClosePolicy,
  setHandler,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { dispatchWorkflowId, type OrderState, type OrderStatus, type PlacedOrder, workflowTypes } from './contract';
import {
  type CheckoutInput,
  checkoutQuery,
  orderIdQuery,
  type PaymentEvent,
  paymentIdQuery,
  paymentSignal,
  reservationUpdate,
} from './messages';
import { cancelOrder, markOrderPaid, placeOrder } from './databaseSteps';

export interface CheckoutResult {
  orderId: string;
  paymentId: string | null;
  /** Where the checkout left the order: PAID orders go on in their dispatch workflow. */
  status: OrderStatus;
}

/** What the handlers write and read; the story below waits for it to change. */
interface CheckoutRun {
  order?: PlacedOrder;
  payment?: PaymentEvent;
  cancelRequested: boolean;
  /** How the order goes on is certain, because what decided it is in the history. */
  decided: boolean;
}

/**
 * One checkout: reserve, await the payment, then fulfil or undo. A cancellation request, as the Temporal Web UI sends it,
 * is one more event to wait for, never an interruption: every order ends dispatched or cancelled.
 */
export async function checkout(input: CheckoutInput): Promise<CheckoutResult> {
  const run: CheckoutRun = { cancelRequested: false, decided: false };
  handleMessages(run);

  return CancellationScope.nonCancellable(async () => {
    const order = await placeOrder(input);
    run.order = order;

    if (order.status === 'PENDING') {
      await paymentOrItsAbsence(order, run);
      order.status = (await settle(order, run)).status;
    }
    if (order.status === 'PAID') await startDispatch(order.orderId);

    await condition(allHandlersFinished);
    return { orderId: order.orderId, paymentId: order.paymentId, status: order.status };
  });
}

function handleMessages(run: CheckoutRun): void {
  setHandler(paymentSignal, (payment) => {
    run.payment ??= payment;
  });
  setHandler(paymentIdQuery, () => run.order?.paymentId ?? null);
  setHandler(checkoutQuery, () => run.order ?? null);
  setHandler(orderIdQuery, () => (isDecided(run) ? run.order.orderId : null));
  // Shielded, because a cancellation request must not become the answer to whoever waits for the reservation.
  setHandler(reservationUpdate, () => CancellationScope.nonCancellable(() => condition(() => run.order !== undefined)));
  CancellationScope.current().cancelRequested.catch(() => {
    run.cancelRequested = true;
  });
}

/** An order that was not pending when it was found was decided by an earlier run. */
function isDecided(run: CheckoutRun): run is CheckoutRun & { order: PlacedOrder } {
  return run.order !== undefined && (run.decided || run.order.status !== 'PENDING');
}

/** The payment's result, a cancellation request, or the end of the payment window: whichever the history has first. */
async function paymentOrItsAbsence({ paymentWindowLeftMs }: PlacedOrder, run: CheckoutRun): Promise<void> {
  await condition(() => run.payment !== undefined || run.cancelRequested, paymentWindowLeftMs);
  run.decided = true;
}

function settle({ orderId }: PlacedOrder, { payment, cancelRequested }: CheckoutRun): Promise<OrderState> {
  if (payment?.status === 'paid') return markOrderPaid({ orderId });
  if (payment !== undefined) return cancelOrder({ orderId, reason: 'payment_failed' });
  return cancelOrder({ orderId, reason: cancelRequested ? 'cancelled' : 'payment_expired' });
}

/** The dispatch outlives this run. Its id belongs to the order, so a dispatch that an earlier run started is the same. */
async function startDispatch(orderId: string): Promise<void> {
  try {
    // By name: a function reference would break once the production bundle's names are minified.
    await startChild(workflowTypes.dispatch, {
      workflowId: dispatchWorkflowId(orderId),
      args: [{ orderId }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
      staticSummary: `dispatch of ${orderId}`,
    });
  } catch (error) {
    if (!isAlreadyStarted(error)) throw error;
  }
}

function isAlreadyStarted(error: unknown): boolean {
  return error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError';
}

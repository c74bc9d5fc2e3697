import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  log,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import {
  type FailureType,
  type GatewayPayment,
  isPaymentEvent,
  type OrderState,
  type PaymentEvent,
  type PlacedOrder,
  type RefusedCheckout,
} from '@widget-store/contract';
import { openPaymentPage } from '../gatewaySteps';
import {
  cancelUpdate,
  type CheckoutInput,
  checkoutQuery,
  orderIdQuery,
  type PaymentPage,
  paymentIdQuery,
  paymentPageUpdate,
  paymentSignal,
  reservationUpdate,
} from '../messages';
import { setDetails, upsertOrderStatus, type WithPublicUrl } from '../visibility';

/** The state that the message handlers share with the workflow function `checkout`. */
export interface Inbox extends WithPublicUrl {
  /** The payment event that takes effect: the first `paid` event, or the first event of any kind if none is `paid`. */
  payment: PaymentEvent | null;
  cancelRequested: boolean;
  /**
   * Whether this run or an earlier one has chosen the outcome of the order. Later messages do not change the outcome.
   */
  decided: boolean;
  /** The id of the request that started this run. If the order has another `requestId`, an earlier run placed it. */
  requestId: string;
  /** The address of the gateway's payment page. Null until a shopper asks for the page, and after a failed request. */
  paymentUrl: Promise<string> | null;
  /**
   * The gateway's answer to the request to close the payment. Null before the request, and if the gateway did not
   * answer or did not know the payment.
   */
  gatewayAnswer: GatewayPayment | null;
  receivePayment(event: PaymentEvent): void;
  /** Waits for a payment event or a cancellation request. @returns false if the payment window ends first */
  paymentOrCancellation(paymentWindowLeftMs: number): Promise<boolean>;
  /** Tells the Updates that wait for the reservation, and the Temporal Web UI, why the reservation is delayed. */
  delay(this: void, reason: FailureType): void;
  /** Gives the current order to Queries, to waiting Updates and to the Temporal Web UI. */
  publish(order: PlacedOrder): PlacedOrder;
  /**
   * Must be called if no order will be placed. Fails all waiting Updates, and resolves after they have been answered.
   */
  refuse(refused: RefusedCheckout): Promise<RefusedCheckout>;
}

/**
 * Registers the message handlers. Must be called before the first `await`, because a run's first task can contain
 * messages.
 */
export function openInbox(input: CheckoutInput): Inbox {
  let order: PlacedOrder | null = null;
  const [placed, delayed] = [deferred<PlacedOrder>(), deferred<FailureType>()];

  const inbox: Inbox = {
    publicUrl: input.publicUrl,
    requestId: input.requestId,
    payment: null,
    cancelRequested: false,
    decided: false,
    paymentUrl: null,
    gatewayAnswer: null,
    receivePayment: (event) => {
      const isFirstPaid = event.status === 'paid' && inbox.payment?.status !== 'paid';
      if (inbox.payment === null || isFirstPaid) inbox.payment = event;
    },
    paymentOrCancellation: (paymentWindowLeftMs) =>
      condition(
        () => inbox.payment !== null || inbox.cancelRequested,
        // The payment window can already have ended. With a timeout of 0, `condition` would add a patch marker to the
        // history.
        Math.max(1, paymentWindowLeftMs),
        { summary: 'payment window' },
      ),
    delay: (reason) => {
      delayed.resolve(reason);
      setCurrentDetails(`The stock is not reserved yet: ${reason}. The activity placeOrder is tried again.`);
    },
    publish: (published) => {
      order = published;
      inbox.decided ||= order.status !== 'PENDING';
      placed.resolve(order);
      setDetails(sentenceFor(order), { ...order, publicUrl: input.publicUrl });
      upsertOrderStatus(order);
      return order;
    },
    refuse: async (refused) => {
      setCurrentDetails(`No order was placed, because the cart cannot be bought (${refused.refusal}).`);
      placed.reject(ApplicationFailure.nonRetryable('The cart cannot be bought.', refused.refusal));
      await condition(allHandlersFinished);
      return refused;
    },
  };

  setHandler(paymentSignal, (event: unknown) => {
    // A Signal handler must not throw: the workflow task would fail, and Temporal would repeat it without end.
    if (isPaymentEvent(event)) inbox.receivePayment(event);
    else log.warn('ignored a payment signal that is not a payment event');
  });
  setHandler(paymentIdQuery, () => order?.paymentId ?? null);
  setHandler(checkoutQuery, () => order);
  // After a payment webhook, the api sends this Query to find out whether the order is decided.
  setHandler(orderIdQuery, () => (inbox.decided ? (order?.orderId ?? null) : null));

  // If somebody requests a cancellation in the Web UI, the SDK rejects the activities and conditions that a handler
  // awaits outside a non-cancellable scope. The SDK does not reject plain promises, so the first handler below needs no
  // scope.
  setHandler(reservationUpdate, () =>
    Promise.race([
      delayed.promise.then((delayedBy) => ({ delayedBy })),
      placed.promise.then(({ requestId }) => ({ requestId })),
    ]),
  );
  setHandler(paymentPageUpdate, () =>
    CancellationScope.nonCancellable(async () => openPage(await placed.promise, inbox)),
  );
  setHandler(cancelUpdate, () =>
    CancellationScope.nonCancellable(async () => {
      inbox.cancelRequested = true;
      const placedOrder = await placed.promise;
      await condition(() => order?.status !== 'PENDING');
      return stateOf(order ?? placedOrder);
    }),
  );
  // The SDK rejects this promise when somebody asks Temporal to cancel the run.
  CancellationScope.current().cancelRequested.catch(() => {
    inbox.cancelRequested = true;
  });
  setCurrentDetails('Reserving the stock.');
  return inbox;
}

const noop = (): void => {};

/** Creates a promise with the functions that settle it. */
function deferred<Value>() {
  let resolve: (value: Value) => void = noop;
  let reject: (failure: ApplicationFailure) => void = noop;
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // An unhandled rejection would fail the workflow task.
  promise.catch(noop);
  return { promise, resolve, reject };
}

/**
 * Returns the payment page. All requests share one call to the gateway, unless the call fails. After the order is
 * decided, the address is null.
 */
async function openPage(order: PlacedOrder, inbox: Inbox): Promise<PaymentPage> {
  const { orderId, paymentId, totalMinor: amountMinor, currency, expiresAt } = order;
  if (inbox.decided || paymentId === null) return { orderId, paymentUrl: null };
  inbox.paymentUrl ??= openPaymentPage({ orderId, paymentId, amountMinor, currency, expiresAt });
  try {
    const paymentUrl = await inbox.paymentUrl;
    return { orderId, paymentUrl: inbox.decided ? null : paymentUrl };
  } catch (error) {
    // Removes the failed promise, so that the next request calls the gateway again.
    inbox.paymentUrl = null;
    throw error;
  }
}

function stateOf({ status, paymentId, paymentStatus, cancelReason }: PlacedOrder): OrderState {
  return { status, paymentId, paymentStatus, cancelReason };
}

/** Describes the state of the order for the Temporal Web UI. */
function sentenceFor({ orderId, status, paymentId, expiresAt, cancelReason }: PlacedOrder): string {
  switch (status) {
    case 'PENDING':
      return `Order ${orderId} is reserved. It waits for payment ${paymentId} until ${expiresAt}.`;
    case 'PAID':
      return `Order ${orderId} is paid. Its dispatch is dispatch/${orderId}.`;
    case 'DISPATCHED':
      return `Order ${orderId} is shipped.`;
    case 'CANCELLED':
      return `Order ${orderId} is cancelled (${cancelReason}).`;
    default:
      return status satisfies never;
  }
}

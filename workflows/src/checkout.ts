import {
  allHandlersFinished,
  CancellationScope,
  condition,
  log,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import { askedEventId, isPaymentEvent, type OrderState, paysFor, type PlacedOrder } from '@widget-store/contract';
import { startDispatch, startRefund } from './children';
import { cancelOrder, markOrderPaid, placeOrder } from './databaseSteps';
import { askGateway, closePayment, openPaymentPage } from './gatewaySteps';
import {
  cancelUpdate,
  type CheckoutInput,
  checkoutQuery,
  orderIdQuery,
  type PaymentEvent,
  type PaymentPage,
  paymentIdQuery,
  paymentPageUpdate,
  paymentSignal,
  reservationUpdate,
} from './messages';
import { showStanding, tell } from './standing';

/** Where the checkout left the order: PAID orders go on in their dispatch workflow. */
export interface CheckoutResult extends OrderState {
  orderId: string;
}

/** What the handlers write and read; the story below waits for it to change. */
interface CheckoutRun {
  order?: PlacedOrder;
  /** The first news of the payment, and the first that says `paid`. */
  payment?: PaymentEvent;
  paid?: PaymentEvent;
  /** The gateway has taken money that does not pay this order: another amount, or it went back. */
  oddCapture: boolean;
  /** At the window's end the gateway was away, or did not know the payment, whose page may be opened at that moment. */
  unheard: boolean;
  cancelRequested: boolean;
  /** Of the input. */
  publicUrl: string;
  /** How the order goes on is certain, because what decided it is in the history. */
  decided: boolean;
  paymentUrl?: Promise<string>;
}

/**
 * One checkout: reserve, await the payment, then fulfil or undo. A cancellation request, as the Temporal Web UI sends it,
 * is one more event to wait for, never an interruption: every order ends dispatched or cancelled.
 */
export async function checkout(input: CheckoutInput): Promise<CheckoutResult> {
  const { publicUrl } = input;
  const nothingYet = { oddCapture: false, unheard: false, cancelRequested: false, decided: false };
  const run: CheckoutRun = { ...nothingYet, publicUrl };
  handleMessages(run);

  return CancellationScope.nonCancellable(async () => {
    setCurrentDetails('Reserving the stock.');
    const order = await placeOrder(input);
    run.order = order;
    // A key that had its order before: the api gave the run the id of a new one.
    if (order.orderId !== input.orderId) showStanding(order);

    if (order.status === 'PENDING') {
      await paymentOrItsAbsence(order, run);
      Object.assign(order, await settle(order, run));
    }
    if (order.status === 'PAID') await startDispatch({ orderId: order.orderId, publicUrl });
    showEnd(order, run);

    await condition(allHandlersFinished);
    if (order.status === 'CANCELLED') {
      await endOpenPayment(order, run);
      // Last of all, because a payment may come late while the order is being cancelled.
      await giveLateMoneyBack(order, run);
    }
    const { orderId, paymentId, status, paymentStatus, cancelReason } = order;
    return { orderId, paymentId, status, paymentStatus, cancelReason };
  });
}

function handleMessages(run: CheckoutRun): void {
  setHandler(paymentSignal, (event: unknown) => {
    // A handler that throws stops the run.
    if (!isPaymentEvent(event)) {
      log.warn('a payment signal without a status is passed over');
      return;
    }
    run.payment ??= event;
    if (event.status === 'paid') run.paid ??= event;
  });
  setHandler(paymentIdQuery, () => run.order?.paymentId ?? null);
  setHandler(checkoutQuery, () => run.order ?? null);
  setHandler(orderIdQuery, () => (isDecided(run) ? run.order.orderId : null));
  setHandler(reservationUpdate, () => shielded(() => condition(() => run.order !== undefined)));
  setHandler(paymentPageUpdate, () => shielded(() => paymentPage(run)));
  setHandler(cancelUpdate, () => shielded(() => cancel(run)));
  CancellationScope.current().cancelRequested.catch(() => {
    run.cancelRequested = true;
  });
}

/** A cancellation request must not become the answer to whoever waits for an Update. */
function shielded<T>(work: () => Promise<T>): Promise<T> {
  return CancellationScope.nonCancellable(work);
}

/** An order that was not pending when it was found was decided by an earlier run. */
function isDecided(run: CheckoutRun): run is CheckoutRun & { order: PlacedOrder } {
  return run.order !== undefined && (run.decided || run.order.status !== 'PENDING');
}

/**
 * The payment's result, a cancellation request, or the end of the payment window: whichever the history has first. A
 * window that ends in silence is not believed before the gateway was asked: its webhook may be lost.
 */
async function paymentOrItsAbsence(order: PlacedOrder, run: CheckoutRun): Promise<void> {
  const { orderId, paymentId, paymentWindowLeftMs, expiresAt } = order;
  const { publicUrl } = run;
  tell(`Order ${orderId} is reserved and waits for payment ${paymentId} until ${expiresAt}.`, { orderId, publicUrl });
  const somethingHappened = (): boolean => run.payment !== undefined || run.cancelRequested;
  const heard = await condition(somethingHappened, paymentWindowLeftMs, { summary: 'the payment window' });
  if (!heard) await lookForPayment(order, run);
  run.decided = true;
}

async function lookForPayment(order: PlacedOrder, run: CheckoutRun): Promise<void> {
  const { orderId } = order;
  tell(`The payment window of order ${orderId} ended in silence; asking the gateway.`, {
    orderId,
    publicUrl: run.publicUrl,
  });
  const payment = order.paymentId === null ? null : await askGateway({ paymentId: order.paymentId });
  run.unheard = payment === null;
  if (payment === null || payment.capturedMinor === 0) return;
  const captured = { amountMinor: payment.capturedMinor, currency: payment.currency };
  // An order that Postgres was restored to before its cancellation: its money went back, and is shown to have.
  if (payment.refundedMinor > 0) run.oddCapture = true;
  else if (paysFor(order, captured)) run.paid ??= { status: 'paid', eventId: askedEventId };
  else run.oddCapture = true;
}

/** A payment that has happened wins over everything that was heard before the decision: arrival order decides nothing. */
function settle({ orderId }: PlacedOrder, run: CheckoutRun): Promise<OrderState> {
  const { paid, payment, cancelRequested } = run;
  if (paid !== undefined) return markOrderPaid({ orderId, ...(paid.eventId && { paymentEventId: paid.eventId }) });
  if (payment !== undefined) return cancelOrder({ orderId, reason: 'payment_failed' });
  return cancelOrder({ orderId, reason: cancelRequested ? 'cancelled' : 'payment_expired' });
}

/** The last word of the run, for the Temporal Web UI and for lists of runs. */
function showEnd(order: PlacedOrder, { publicUrl }: CheckoutRun): void {
  const why = order.cancelReason === null ? '' : ` because of ${order.cancelReason}`;
  const whatNext = order.status === 'PAID' ? `; its dispatch is dispatch/${order.orderId}` : '';
  tell(`Order ${order.orderId} is ${order.status}${why}${whatNext}.`, { orderId: order.orderId, publicUrl });
  showStanding(order);
}

/** Somebody who has the gateway's page before them is not to pay for an order that is cancelled. */
async function endOpenPayment(order: PlacedOrder, run: CheckoutRun): Promise<void> {
  const { paymentId } = order;
  const isOpen = run.paymentUrl !== undefined && run.paid === undefined;
  if (paymentId === null || !isOpen || !isLeftToEnd(order, run)) return;
  const payment = await closePayment({ paymentId });
  if (payment !== null && payment.capturedMinor > 0) run.oddCapture = true;
}

/** A payment that failed is over at the gateway, and one whose window has ended was ended by the look, if that was answered. */
function isLeftToEnd({ cancelReason }: PlacedOrder, { unheard }: CheckoutRun): boolean {
  return cancelReason === 'cancelled' || (cancelReason === 'payment_expired' && unheard);
}

async function giveLateMoneyBack(
  { orderId, paymentId }: PlacedOrder,
  { paid, oddCapture, publicUrl }: CheckoutRun,
): Promise<void> {
  if (paymentId === null || (paid === undefined && !oddCapture)) return;
  log.warn('money came for a cancelled order; it is given back', { orderId, paymentId });
  await startRefund({ orderId, paymentId, claimed: true, publicUrl, ...(paid?.eventId && { eventId: paid.eventId }) });
}

async function cancel(run: CheckoutRun): Promise<OrderState> {
  run.cancelRequested = true;
  await condition(() => run.order !== undefined && run.order.status !== 'PENDING');
  const { status, paymentId, paymentStatus, cancelReason } = known(run);
  return { status, paymentId, paymentStatus, cancelReason };
}

async function paymentPage(run: CheckoutRun): Promise<PaymentPage> {
  await condition(() => run.order !== undefined);
  const { orderId, paymentId, totalMinor: amountMinor, currency, expiresAt } = known(run);
  if (isDecided(run) || paymentId === null) return { orderId, paymentUrl: null };
  run.paymentUrl ??= openPaymentPage({ orderId, paymentId, amountMinor, currency, expiresAt });
  try {
    const paymentUrl = await run.paymentUrl;
    // The order may have been decided while the page was opened: then nobody is sent there any more.
    return { orderId, paymentUrl: isDecided(run) ? null : paymentUrl };
  } catch (error) {
    // The next request tries again.
    delete run.paymentUrl;
    throw error;
  }
}

function known({ order }: CheckoutRun): PlacedOrder {
  if (order === undefined) throw new Error('a condition has promised the order');
  return order;
}

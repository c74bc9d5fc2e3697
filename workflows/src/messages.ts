import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import {
  type AnomalyKind,
  type ComparisonName,
  type FailureType,
  type LedgerMark,
  type OrderRef,
  type OrdersMark,
  type OrderState,
  paymentSignalName,
  type PlacedOrder,
  type PaymentEvent,
  type PlaceOrderInput,
  type RefundRef,
  type StockMark,
  type SyncPaymentInput,
} from '@widget-store/contract';
import type { WithPublicUrl } from './visibility';

export interface CheckoutInput extends PlaceOrderInput, WithPublicUrl {}

export interface DispatchInput extends OrderRef, WithPublicUrl {}

export interface RefundInput extends RefundRef, WithPublicUrl {}

export interface SyncInput extends SyncPaymentInput, WithPublicUrl {}

export interface ReconcileInput extends WithPublicUrl {
  /** See `CompareInput`. */
  graceMs: number;
}

/** The result of a reconciler run. The Schedule passes the result to the next run, which continues from the marks. */
export interface ReconcileResult {
  marks: { ledger: LedgerMark | null; orders: OrdersMark | null; stock: StockMark | null };
  found: Partial<Record<AnomalyKind, number>>;
  /** How many repairs this run has made. */
  repaired: number;
  /** The comparisons that failed, usually because a server did not answer. The next run covers what they missed. */
  failed: ComparisonName[];
}

/**
 * Tells a checkout how its payment ended. After the order is decided, the signal does not change the outcome. If the
 * order is cancelled and its run is still open, the run refunds a payment that the signal reports as `paid`.
 */
export const paymentSignal = defineSignal<[PaymentEvent]>(paymentSignalName);

/** Says that refunds or disputes of a payment may have changed at the gateway. */
export const paymentChangedSignal = defineSignal('paymentChanged');

/**
 * The id of the payment that the shopper must make. Null until the stock is reserved. Stays null if the cart is sold
 * out.
 */
export const paymentIdQuery = defineQuery<string | null>('paymentId');

/**
 * The order id. Null until the run has decided whether the order is paid or cancelled. After a payment signal, the
 * worker answers a Query in the workflow task of the signal. The client therefore does not wait for the database
 * activity that this task starts.
 */
export const orderIdQuery = defineQuery<string | null>('orderId');

/** The order in the last state that the run knows. Null before the order is placed. */
export const checkoutQuery = defineQuery<PlacedOrder | null>('checkout');

export type Reservation =
  /**
   * The order is placed, and its stock is either reserved or sold out. `requestId` is the id of the request that placed
   * the order.
   */
  | { requestId: string }
  /** The first attempts to place the order have failed. The run continues its attempts. */
  | { delayedBy: FailureType };

/**
 * Returns as soon as the order is placed or delayed. Fails if the cart is refused. Changes nothing. Clients send this
 * Update, and not a Query, together with the start of the run. If a Query arrives before the first workflow task, the
 * server delays it by up to 200 ms.
 */
export const reservationUpdate = defineUpdate<Reservation>('reservation');

/**
 * All clients use this update id for `reservationUpdate`. A second wait for the same run therefore joins the first and
 * adds no event.
 */
export const reservationUpdateId = 'reservation';

/** The gateway's page for a payment. */
export interface PaymentPage {
  orderId: string;
  /** Null if the order can no longer be paid. */
  paymentUrl: string | null;
}

/**
 * Returns the gateway's page for the payment. The first request opens the payment at the gateway. Fails with
 * `GatewayRefused` if the gateway refuses the payment. Fails with `GatewayUnavailable`, `DatabaseUnavailable` or
 * `WorkerUnavailable` if the gateway, Postgres or the workers do not answer in time. After a failure, the next request
 * tries again.
 */
export const paymentPageUpdate = defineUpdate<PaymentPage>('paymentPage');

/**
 * Asks a checkout, or the dispatch of a paid order, to cancel the order. Returns the resulting state of the order:
 * CANCELLED, or PAID or DISPATCHED if the order reached one of these states first. If a checkout returns PAID, send the
 * Update to the dispatch. If the dispatch returns PAID, only an operator can cancel the order.
 */
export const cancelUpdate = defineUpdate<OrderState>('cancel');

/**
 * Clients use this update id for `cancelUpdate`, so repeated requests join one Update. Separate Updates could exceed a
 * limit: a run accepts at most ten waiting Updates (`history.maxInFlightUpdates`), and a locked row can make Updates
 * wait for hours. Only a request that can start a new run after a closed one uses another id.
 */
export const cancelUpdateId = 'cancel';

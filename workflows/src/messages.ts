import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import {
  type AnomalyKind,
  type ComparisonName,
  type LedgerMark,
  type OrderRef,
  type OrdersMark,
  type OrderState,
  type PaymentRef,
  paymentSignalName,
  type PlacedOrder,
  type PaymentEvent,
  type PlaceOrderInput,
  type StockMark,
} from '@widget-store/contract';
import type { Findable } from './standing';

export type { PaymentEvent } from '@widget-store/contract';
export { searchAttributesOf } from './standing';

export interface CheckoutInput extends PlaceOrderInput, Findable {}

export interface DispatchInput extends OrderRef, Findable {}

export interface RefundInput extends OrderRef, PaymentRef, Findable {
  /**
   * Whether a payment event said that this payment was paid. Then the order shows its refund, whatever the gateway finds;
   * otherwise only when the gateway has something to give back.
   */
  claimed: boolean;
  /** Of that event. */
  eventId?: string;
}

export interface ReconcileInput extends Findable {
  /** See `CompareInput`. */
  graceMs: number;
}

/** Handed by the Schedule to the next run, which goes on from the marks. */
export interface ReconcileResult {
  marks: { ledger: LedgerMark | null; orders: OrdersMark | null; stock: StockMark | null };
  found: Partial<Record<AnomalyKind, number>>;
  /** Repairs that were made. */
  repaired: number;
  /** Comparisons that could not be made, because somebody was away. The next run makes up for them. */
  failed: ComparisonName[];
}

/** Tells a checkout how its payment ended. Once the order is decided, later ones do not change it. */
export const paymentSignal = defineSignal<[PaymentEvent]>(paymentSignalName);

/** The payment id to pay with; null while nothing is reserved yet, and for good when the stock was not there. */
export const paymentIdQuery = defineQuery<string | null>('paymentId');

/**
 * The order id once it is decided whether the order is paid or cancelled; null before. The Query that follows a payment
 * signal rides on the signal's own task and is answered there, while the database step still runs.
 */
export const orderIdQuery = defineQuery<string | null>('orderId');

/** The order as the run knows it; null while nothing is placed yet. `status` is where the run has left it. */
export const checkoutQuery = defineQuery<PlacedOrder | null>('checkout');

/**
 * Waits until the order is placed, reserved or sold out, changes nothing and answers nothing: after it the first Query has
 * its final answer. Sent with the start, because a Query that arrives before the first workflow task has completed makes the
 * server look again only every 200 ms.
 */
export const reservationUpdate = defineUpdate<void>('reservation');

/** The one update id of `reservationUpdate`: a second wait for the same run joins the first and adds no event. */
export const reservationUpdateId = 'reservation';

/** The gateway's page for the payment, which is opened there at the first request. */
export interface PaymentPage {
  orderId: string;
  /** Null when there is nothing left to pay. */
  paymentUrl: string | null;
}

/**
 * Opens the payment at the gateway and answers its page. A checkout that nobody goes on to pay never troubles the gateway.
 * Fails with `GatewayUnavailable` when the gateway does not answer in time; asking again tries again.
 */
export const paymentPageUpdate = defineUpdate<PaymentPage>('paymentPage');

/**
 * Asks a checkout, or the dispatch of a paid order, to cancel the order, and answers where the order stands then: CANCELLED,
 * or what was faster. A checkout answers PAID when the payment was; the dispatch is then the one to ask.
 */
export const cancelUpdate = defineUpdate<OrderState>('cancel');

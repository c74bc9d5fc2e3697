import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import {
  type AnomalyKind,
  type ComparisonName,
  type FailureType,
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
import type { WithPublicUrl } from './visibility';

export interface CheckoutInput extends PlaceOrderInput, WithPublicUrl {}

export interface DispatchInput extends OrderRef, WithPublicUrl {}

export interface RefundInput extends OrderRef, PaymentRef, WithPublicUrl {
  /**
   * Whether a payment event or the gateway said that this payment was paid. If so, the order shows a refund in any case;
   * otherwise only when the gateway has something to refund.
   */
  reportedPaid: boolean;
  /** Of that event. */
  eventId?: string | undefined;
}

export interface ReconcileInput extends WithPublicUrl {
  /** See `CompareInput`. */
  graceMs: number;
}

/** The Schedule hands the result of a run to the next run, which continues from its marks. */
export interface ReconcileResult {
  marks: { ledger: LedgerMark | null; orders: OrdersMark | null; stock: StockMark | null };
  found: Partial<Record<AnomalyKind, number>>;
  /** How many repairs this run has made. */
  repaired: number;
  /** Comparisons that failed, because a server was away. The next run makes them up. */
  failed: ComparisonName[];
}

/** Tells a checkout how its payment ended. It has no effect once the order is decided. */
export const paymentSignal = defineSignal<[PaymentEvent]>(paymentSignalName);

/** The payment id to pay with; null before the stock is reserved, and for good if it was sold out. */
export const paymentIdQuery = defineQuery<string | null>('paymentId');

/**
 * The order id as soon as it is decided whether the order is paid or cancelled; null before. A Query that follows a payment
 * signal is answered in the signal's own workflow task, while the database activity is still running.
 */
export const orderIdQuery = defineQuery<string | null>('orderId');

/** The order as the run last saw it; null before it is placed. */
export const checkoutQuery = defineQuery<PlacedOrder | null>('checkout');

/**
 * Waits until the order is placed, reserved or sold out, and then answers null: the Query that follows has the order. Answers
 * earlier with a reason when the first attempts have failed; the run goes on trying. It changes nothing. Send it with the start, because the server answers a Query that precedes the first workflow task up to 200 ms late.
 */
export const reservationUpdate = defineUpdate<FailureType | null>('reservation');

/** The one update id of `reservationUpdate`: a second wait for the same run joins the first and adds no event. */
export const reservationUpdateId = 'reservation';

/** The gateway's page for a payment. */
export interface PaymentPage {
  orderId: string;
  /** Null when there is nothing left to pay. */
  paymentUrl: string | null;
}

/**
 * Opens the payment at the gateway, at the first request, and answers its page. Fails with `GatewayRefused` when the gateway does
 * not take the payment, and with `GatewayUnavailable` when it does not open it in time; the next request tries again.
 */
export const paymentPageUpdate = defineUpdate<PaymentPage>('paymentPage');

/**
 * Asks a checkout, or the dispatch of a paid order, to cancel the order. Answers the state of the order afterwards: CANCELLED, or
 * PAID or DISPATCHED if that came first. After PAID, ask the dispatch.
 */
export const cancelUpdate = defineUpdate<OrderState>('cancel');

import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { PlacedOrder, PlaceOrderInput } from './contract';

export type CheckoutInput = PlaceOrderInput;

export interface PaymentEvent {
  /** `paid` pays; every other word means that the payment did not happen. */
  status: string;
}

/** Tells a checkout how its payment ended. The first one counts; later ones change nothing. */
export const paymentSignal = defineSignal<[PaymentEvent]>('payment');

/** The payment id to pay with; null while nothing is reserved yet, and for good when the stock was not there. */
export const paymentIdQuery = defineQuery<string | null>('paymentId');

/**
 * The order id once it is decided whether the order is paid or cancelled; null before. The Query that follows a payment
 * signal rides on the signal's own task and is answered there, while the database step still runs.
 */
export const orderIdQuery = defineQuery<string | null>('orderId');

/** The order as the run knows it; null while nothing is decided yet. `status` is where the run has left it. */
export const checkoutQuery = defineQuery<PlacedOrder | null>('checkout');

/**
 * Waits until the reservation is decided, changes nothing and answers nothing: after it the first Query has its
 * final answer. Sent with the start, because a Query that arrives before the first workflow task has completed makes
 * the server look again only every 200 ms.
 */
export const reservationUpdate = defineUpdate<void>('reservation');

/** The one update id of `reservationUpdate`: a second wait for the same run joins the first and adds no event. */
export const reservationUpdateId = 'reservation';

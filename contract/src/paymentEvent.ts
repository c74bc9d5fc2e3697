/** The argument of a payment signal. */
export interface PaymentEvent {
  /** `paid` if the payment succeeded. Every other value means that the payment failed. */
  status: string;
  /**
   * The gateway's own id of the event, for example the `webhook-id` of the sandbox's webhook. `askedEventId` if the
   * store learned the outcome by asking the gateway. Absent if the webhook was not signed.
   */
  eventId?: string;
}

/** Checks the argument of a payment signal, because an operator can send anything by hand. */
export function isPaymentEvent(event: unknown): event is PaymentEvent {
  return typeof event === 'object' && event !== null && 'status' in event && typeof event.status === 'string';
}

/** The argument of a payment signal. */
export interface PaymentEvent {
  /** `paid`; every other value means that the payment failed. */
  status: string;
  /** The `webhook-id` of a signed webhook; absent in the unsigned form. */
  eventId?: string;
}

/** Checks the argument of a payment signal, because an operator can send anything by hand. */
export function isPaymentEvent(event: unknown): event is PaymentEvent {
  return typeof event === 'object' && event !== null && 'status' in event && typeof event.status === 'string';
}

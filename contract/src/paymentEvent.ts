/** What a payment signal says. */
export interface PaymentEvent {
  /** `paid` pays; every other word means that the payment did not happen. */
  status: string;
  /** The `webhook-id` of a signed webhook; absent in the unsigned form. */
  eventId?: string;
}

/** Whether a payment signal is one of ours, which all have what a `PaymentEvent` has: by hand a person may send anything. */
export function isPaymentEvent(event: unknown): event is PaymentEvent {
  return typeof event === 'object' && event !== null && 'status' in event && typeof event.status === 'string';
}

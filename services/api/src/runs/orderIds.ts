/**
 * Which order each payment pays, as this process has read it by Query at the checkout: asking again at the webhook would cost
 * the worker and Temporal as much as a workflow task each.
 */
export interface OrderIds {
  /** Undefined when another process had the checkout, or when it is long ago. */
  of(paymentId: string): string | undefined;
  remember(payment: { paymentId: string; orderId: string }): void;
}

/** The oldest are forgotten: a payment comes within minutes of its checkout, or is asked for by Query. */
const mostRemembered = 20_000;

export function createOrderIds(): OrderIds {
  // A Map keeps the order of insertion.
  const byPayment = new Map<string, string>();
  return {
    of: (paymentId) => byPayment.get(paymentId),
    remember: ({ paymentId, orderId }) => {
      byPayment.set(paymentId, orderId);
      const [oldest] = byPayment.keys();
      if (byPayment.size > mostRemembered && oldest !== undefined) byPayment.delete(oldest);
    },
  };
}

/**
 * The order id of each payment that this process has read by Query at the checkout. Without it, the webhook has to send
 * another Query, which costs the worker and Temporal as much as a workflow task.
 */
export interface OrderIds {
  /** Undefined when another process had the checkout, or when it was long ago. */
  get(paymentId: string): string | undefined;
  remember(payment: { paymentId: string; orderId: string }): void;
}

/** The oldest are dropped: most payments arrive within minutes of their checkout, and the others are queried. */
const maxRemembered = 20_000;

export function createOrderIds(): OrderIds {
  // A Map keeps the order of insertion.
  const byPayment = new Map<string, string>();
  return {
    get: (paymentId) => byPayment.get(paymentId),
    remember: ({ paymentId, orderId }) => {
      byPayment.set(paymentId, orderId);
      const [oldest] = byPayment.keys();
      if (byPayment.size > maxRemembered && oldest !== undefined) byPayment.delete(oldest);
    },
  };
}

/**
 * The order ids that this process has read by Query during checkouts, by payment id. Without such an entry, the webhook
 * must send another Query, which costs the worker and Temporal as much as a workflow task.
 */
export interface OrderIds {
  /** Undefined if another process served the checkout, or if this process has already dropped the entry. */
  get(paymentId: string): string | undefined;
  remember(payment: { paymentId: string; orderId: string }): void;
}

/** How many entries are kept. The oldest are dropped, because most payments arrive within minutes of their checkout. */
const maxRemembered = 20_000;

export function createOrderIds(): OrderIds {
  // A Map keeps its entries in the sequence of insertion.
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

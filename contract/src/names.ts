/** The names that client, worker and workflows agree on. A name that has started runs is never changed. */
export const workflowTypes = {
  checkout: 'checkout',
  dispatch: 'dispatch',
  refund: 'refund',
  reconcile: 'reconcile',
} as const;

/** Of `paymentSignal`, for whoever reads a history. */
export const paymentSignalName = 'payment';

/** Stands for a webhook's id where the store has asked the gateway itself. Null is the unsigned form of demo mode. */
export const askedEventId = 'asked';

/** What lists of runs are filtered by in the Temporal Web UI; each is registered as a Keyword. */
export const searchAttributeNames = {
  orderId: 'OrderId',
  orderStatus: 'OrderStatus',
  paymentStatus: 'PaymentStatus',
} as const;

/*
 * The storefront's pages of one order, beneath its public address. The id is ready to stand in an address, or it is what stands
 * for one in the pattern of a route.
 */

/** For the people who run the store. */
export function operationsPath<Id extends string>(orderId: Id) {
  return `/ops/order/${orderId}` as const;
}

/** For whoever has its id. */
export function orderPagePath<Id extends string>(orderId: Id) {
  return `/shop/order/${orderId}` as const;
}

/** Leads to the gateway's page. */
export function paymentPagePath<Id extends string>(paymentId: Id) {
  return `/shop/pay/${paymentId}` as const;
}

/** In the query of an order's page when it is the gateway that sends the shopper there. */
export const returnedParameter = 'returned';

/** What `PAYMENT_GATEWAY` may name: where shoppers pay. */
export const paymentGateways = ['sandbox', 'stripe'] as const;
export type PaymentGatewayName = (typeof paymentGateways)[number];

/** The task queue when `TEMPORAL_TASK_QUEUE` does not name another. */
export const defaultTaskQueue = 'widget-store';

/**
 * How long a worker may take for a task of a checkout. A worker that ends can take a task with it; another is given it after
 * this time, which leaves the api enough of its own deadline to answer the shopper all the same.
 */
export const checkoutTaskTimeout = '3 seconds';

/** One checkout run per idempotency key. */
export function checkoutWorkflowId(idempotencyKey: string): string {
  return `checkout/${idempotencyKey}`;
}

/** One dispatch run per order. */
export function dispatchWorkflowId(orderId: string): string {
  return `dispatch/${orderId}`;
}

/** One refund run per payment. */
export function refundWorkflowId(paymentId: string): string {
  return `refund/${paymentId}`;
}

/**
 * A refund that a person asks for is a run of its own: it may come before the payment and find nothing to give back, and
 * the refund of the payment must start all the same. The gateway gives back once, because the key there names the payment as
 * it stands: two runs that find it so ask for one refund.
 */
export function refundByHandWorkflowId(paymentId: string): string {
  return `${refundWorkflowId(paymentId)}/by-hand`;
}

/** The Schedule of a task queue's reconciler; its runs have this id and the time after it. */
export function reconcileScheduleId(taskQueue: string): string {
  return `reconcile/${taskQueue}`;
}

/** Of a run that belongs to an order or a payment: its type and the business id in its workflow id. */
export function readWorkflowId(workflowId: string): { type: keyof typeof workflowTypes; id: string } | undefined {
  const [type = '', ...rest] = workflowId.split('/');
  const known = Object.values(workflowTypes).find((name) => name === type);
  return known && { type: known, id: rest.join('/') };
}

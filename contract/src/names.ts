/** The names that client, worker and workflows share. A name that has started runs is never changed. */
export const workflowTypes = {
  checkout: 'checkout',
  dispatch: 'dispatch',
  refund: 'refund',
  reconcile: 'reconcile',
} as const;

/** The signal's name in histories. */
export const paymentSignalName = 'payment';

/** The payment event id of an outcome that the store learned by asking the gateway, where no webhook has an id. */
export const askedEventId = 'asked';

/** Search attributes of runs, for filters in the Temporal Web UI; each is registered as a Keyword. */
export const searchAttributeNames = {
  orderId: 'OrderId',
  orderStatus: 'OrderStatus',
  paymentStatus: 'PaymentStatus',
} as const;

/* Paths of the storefront's pages of one order. The argument is an id, or the placeholder of an id in a route. */

/** The page for the people who run the store. */
export function operationsPath<Id extends string>(orderId: Id) {
  return `/ops/order/${orderId}` as const;
}

/** The page for the shopper; anybody with the id may see it. */
export function orderPagePath<Id extends string>(orderId: Id) {
  return `/shop/order/${orderId}` as const;
}

/** The page that leads to the gateway's page. */
export function paymentPagePath<Id extends string>(paymentId: Id) {
  return `/shop/pay/${paymentId}` as const;
}

/** The query parameter of an order's page when the gateway sends the shopper back there. */
export const returnedParameter = 'returned';

/** The values of `PAYMENT_GATEWAY`. */
export const paymentGateways = ['sandbox', 'stripe'] as const;
export type PaymentGatewayName = (typeof paymentGateways)[number];

/** The task queue unless `TEMPORAL_TASK_QUEUE` names another. */
export const defaultTaskQueue = 'widget-store';

/**
 * Workflow task timeout of a checkout. If a worker dies during a task, another worker gets the task after this time,
 * and the api can still answer the shopper within its deadline.
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
 * A refund that a person asks for is a separate run: it may come before the payment and find nothing to refund, and the
 * refund of the payment must still start. The gateway refunds once, because two runs that find the payment in the same
 * state send the same idempotency key.
 */
export function refundByHandWorkflowId(paymentId: string): string {
  return `${refundWorkflowId(paymentId)}/by-hand`;
}

/** The Schedule of a task queue's reconciler; its runs have this id with the time appended. */
export function reconcileScheduleId(taskQueue: string): string {
  return `reconcile/${taskQueue}`;
}

/** The type and the business id in the workflow id of a run; undefined for runs of other types. */
export function readWorkflowId(workflowId: string): { type: keyof typeof workflowTypes; id: string } | undefined {
  const [type = '', ...rest] = workflowId.split('/');
  const known = Object.values(workflowTypes).find((name) => name === type);
  return known && { type: known, id: rest.join('/') };
}

/** The name that shoppers read in the storefront and on the payment page of the sandbox. */
export const storeName = 'Widget Store';

/** The workflow types. Never rename a type after its runs have started. */
export const workflowTypes = {
  checkout: 'checkout',
  dispatch: 'dispatch',
  refund: 'refund',
  syncPayment: 'syncPayment',
  reconcile: 'reconcile',
} as const;

/** The name of the payment signal. Recorded histories contain the name, so never change it. */
export const paymentSignalName = 'payment';

/** The `eventId` of a payment event if the store learned the outcome by asking the gateway. */
export const askedEventId = 'asked';

/** Search attributes of runs, for filters in the Temporal Web UI; each is registered as a Keyword. */
export const searchAttributeNames = {
  orderId: 'OrderId',
  orderStatus: 'OrderStatus',
  paymentStatus: 'PaymentStatus',
} as const;

/** The values of `PAYMENT_GATEWAY`. */
export const paymentGateways = ['sandbox', 'stripe'] as const;
export type PaymentGatewayName = (typeof paymentGateways)[number];

/** The task queue, unless `TEMPORAL_TASK_QUEUE` names another one. */
export const defaultTaskQueue = 'widget-store';

/**
 * The workflow task timeout of a checkout. If a worker dies during a task, another worker gets the task after this
 * time. The timeout is shorter than the deadline of the api's calls to Temporal, so that the api can still answer the
 * shopper.
 */
export const checkoutTaskTimeout = '3 seconds';

/** At most one checkout run is open per idempotency key. */
export function checkoutWorkflowId(idempotencyKey: string): string {
  return `checkout/${idempotencyKey}`;
}

/** At most one dispatch run is open per order. */
export function dispatchWorkflowId(orderId: string): string {
  return `dispatch/${orderId}`;
}

/** At most one run is open per refund. The idempotency key of the refund at the gateway begins with this id. */
export function refundWorkflowId(refundId: string): string {
  return `refund/${refundId}`;
}

/**
 * At most one run is open per payment. The run records the refunds and disputes that the gateway reports for the
 * payment.
 */
export function syncPaymentWorkflowId(paymentId: string): string {
  return `syncPayment/${paymentId}`;
}

/**
 * The id of the Schedule that starts the reconciler of a task queue. The workflow id of each run is this id with the
 * start time appended.
 */
export function reconcileScheduleId(taskQueue: string): string {
  return `reconcile/${taskQueue}`;
}

/** Splits a workflow id into the workflow type and the business id. Undefined if the type is not in `workflowTypes`. */
export function readWorkflowId(workflowId: string): { type: keyof typeof workflowTypes; id: string } | undefined {
  const [type = '', ...rest] = workflowId.split('/');
  const known = Object.values(workflowTypes).find((name) => name === type);
  return known && { type: known, id: rest.join('/') };
}

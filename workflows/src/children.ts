import {
  getExternalWorkflowHandle,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import {
  checkoutTaskTimeout,
  checkoutWorkflowId,
  dispatchWorkflowId,
  refundWorkflowId,
  workflowTypes,
} from './contract';
import { type CheckoutInput, type DispatchInput, type PaymentEvent, paymentSignal, type RefundInput } from './messages';
import { operationsLink, searchAttributesOf } from './standing';

export interface StartOptions {
  /** Also when an earlier run has ended in good order: for whoever knows that its work is not done all the same. */
  again?: boolean;
}

/** Returns once the dispatch of the order has started. @returns whether it was this call that started it */
export function startDispatch(
  { orderId, publicUrl }: Omit<DispatchInput, 'searchable'>,
  options: StartOptions = {},
): Promise<boolean> {
  // By name: a function reference would break once the production bundle's names are minified.
  return startedOnce(() =>
    startChild(workflowTypes.dispatch, {
      ...outlivesItsParent(options),
      workflowId: dispatchWorkflowId(orderId),
      args: [{ orderId, searchable: true, publicUrl }],
      staticSummary: `dispatch of ${orderId}`,
      staticDetails: operationsLink({ orderId, publicUrl }),
      typedSearchAttributes: searchAttributesOf({ orderId, status: 'PAID', paymentStatus: 'paid' }),
    }),
  );
}

/** Returns once the refund of the payment has started. @returns whether it was this call that started it */
export function startRefund(input: RefundInput, options: StartOptions = {}): Promise<boolean> {
  return startedOnce(() =>
    startChild(workflowTypes.refund, {
      ...outlivesItsParent(options),
      workflowId: refundWorkflowId(input.paymentId),
      args: [input],
      staticSummary: `refund of ${input.paymentId}`,
      staticDetails: operationsLink(input),
      typedSearchAttributes: searchAttributesOf({
        orderId: input.orderId,
        status: 'CANCELLED',
        paymentStatus: 'refunding',
      }),
    }),
  );
}

export interface KnownOrder {
  idempotencyKey: string;
  orderId: string;
}

/** Starts a checkout run for an order that Postgres knows, unless one is open. @returns whether it was started */
export function takeOver({ idempotencyKey, orderId }: KnownOrder): Promise<boolean> {
  // Nothing is placed: the order is there, with the end of its window.
  const placed = { lines: [], fingerprint: '', requestId: workflowInfo().workflowId, paymentWindowMs: 0 };
  const input: CheckoutInput = { idempotencyKey, orderId, ...placed };
  return startedOnce(() =>
    startChild(workflowTypes.checkout, {
      ...outlivesItsParent({ again: true }),
      workflowId: checkoutWorkflowId(idempotencyKey),
      workflowTaskTimeout: checkoutTaskTimeout,
      args: [input],
      staticSummary: 'an order that Postgres knows',
      typedSearchAttributes: searchAttributesOf({ orderId, status: 'PENDING', paymentStatus: 'pending' }),
    }),
  );
}

/** Signals the checkout of an order; one that Temporal has lost is started first. */
export async function tellCheckout(order: KnownOrder, event: PaymentEvent): Promise<void> {
  await takeOver(order);
  await getExternalWorkflowHandle(checkoutWorkflowId(order.idempotencyKey)).signal(paymentSignal, event);
}

/** For runs that outlive the one that starts them. Each id belongs to its order or payment: a second start joins the first. */
function outlivesItsParent({ again = false }: StartOptions) {
  return {
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: again
      ? WorkflowIdReusePolicy.ALLOW_DUPLICATE
      : WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
  } as const;
}

async function startedOnce(start: () => Promise<unknown>): Promise<boolean> {
  try {
    await start();
    return true;
  } catch (error) {
    if (!isAlreadyStarted(error)) throw error;
    return false;
  }
}

function isAlreadyStarted(error: unknown): boolean {
  return error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError';
}

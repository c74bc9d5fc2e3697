import {
  getExternalWorkflowHandle,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import { checkoutWorkflowId, type OrderRef, workflowTypes } from '@widget-store/contract';
import { type PaymentEvent, paymentSignal, type RefundInput } from './messages';
import type { Findable } from './standing';
import { checkoutStart, dispatchStart, refundStart } from './starts';

export interface StartOptions {
  /** Also when an earlier run has ended in good order: for whoever knows that its work is not done all the same. */
  again?: boolean;
}

/** Returns once the dispatch of the order has started. @returns whether it was this call that started it */
export function startDispatch(order: OrderRef & Findable, options: StartOptions = {}): Promise<boolean> {
  // By name: a function reference would break once the production bundle's names are minified.
  return startedOnce(() =>
    startChild(workflowTypes.dispatch, { ...outlivesItsParent(options), ...dispatchStart(order) }),
  );
}

/** Returns once the refund of the payment has started. @returns whether it was this call that started it */
export function startRefund(input: RefundInput, options: StartOptions = {}): Promise<boolean> {
  return startedOnce(() => startChild(workflowTypes.refund, { ...outlivesItsParent(options), ...refundStart(input) }));
}

export interface KnownOrder extends OrderRef, Findable {
  idempotencyKey: string;
}

/** Starts a checkout run for an order that Postgres knows, unless one is open. @returns whether it was started */
export function takeOver({ idempotencyKey, orderId, publicUrl }: KnownOrder): Promise<boolean> {
  // Nothing is placed: the order is there, with the end of its window.
  const placed = { lines: [], fingerprint: '', requestId: workflowInfo().workflowId, paymentWindowMs: 0 };
  const start = checkoutStart({ idempotencyKey, orderId, publicUrl, ...placed });
  return startedOnce(() => startChild(workflowTypes.checkout, { ...outlivesItsParent({ again: true }), ...start }));
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

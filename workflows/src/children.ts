import {
  getExternalWorkflowHandle,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import { checkoutWorkflowId, type OrderRef, type PaymentEvent, workflowTypes } from '@widget-store/contract';
import { type DispatchInput, paymentSignal, type RefundInput } from './messages';
import { checkoutStart, dispatchStart, refundStart } from './starts';
import type { WithPublicUrl } from './visibility';

/*
 * The runs that one run starts for another order or for a later part of its own. They outlive their parent. Each function
 * returns once the run has started, and says whether this call started it. An open run of the same id is left alone.
 */

export interface StartOptions {
  /** Also start when an earlier run has completed, because its work is known not to be done. */
  allowDuplicate?: boolean;
}

export function startDispatch(input: DispatchInput, options: StartOptions = {}): Promise<boolean> {
  // By name: a function reference would break once the production bundle's names are minified.
  return isStarted(startChild(workflowTypes.dispatch, { ...childOptions(options), ...dispatchStart(input) }));
}

export function startRefund(input: RefundInput, options: StartOptions = {}): Promise<boolean> {
  return isStarted(startChild(workflowTypes.refund, { ...childOptions(options), ...refundStart(input) }));
}

/** An order in Postgres, with what a new run of its checkout needs. */
export interface PlacedOrderRef extends OrderRef, WithPublicUrl {
  idempotencyKey: string;
}

/** Starts a checkout run that continues the order. */
export function resumeCheckout({ idempotencyKey, orderId, publicUrl }: PlacedOrderRef): Promise<boolean> {
  // Postgres has the order and its payment window, so nothing is placed.
  const nothing = { lines: [], fingerprint: '', requestId: workflowInfo().workflowId, paymentWindowMs: 0 };
  const start = checkoutStart({ idempotencyKey, orderId, publicUrl, ...nothing });
  return isStarted(startChild(workflowTypes.checkout, { ...childOptions({ allowDuplicate: true }), ...start }));
}

/** Sends a payment event to the checkout of an order, and starts the checkout first if Temporal has lost it. */
export async function signalPayment(order: PlacedOrderRef, event: PaymentEvent): Promise<void> {
  await resumeCheckout(order);
  await getExternalWorkflowHandle(checkoutWorkflowId(order.idempotencyKey)).signal(paymentSignal, event);
}

function childOptions({ allowDuplicate = false }: StartOptions) {
  return {
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: allowDuplicate
      ? WorkflowIdReusePolicy.ALLOW_DUPLICATE
      : WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
  } as const;
}

async function isStarted(start: Promise<unknown>): Promise<boolean> {
  try {
    await start;
    return true;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'WorkflowExecutionAlreadyStartedError') throw error;
    return false;
  }
}

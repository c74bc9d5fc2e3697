import {
  getExternalWorkflowHandle,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import {
  checkoutWorkflowId,
  type OrderRef,
  type OrderStatus,
  type PaymentEvent,
  workflowTypes,
} from '@widget-store/contract';
import { type DispatchInput, paymentSignal, type RefundInput } from './messages';
import { checkoutStart, dispatchStart, refundStart } from './starts';
import type { WithPublicUrl } from './visibility';

/*
 * The functions that start a run from another run. A new run continues after its parent ends. Each function resolves
 * after the new run has started. If an earlier run with the same id prevents the start, for example because it is still
 * open, the functions with a boolean result resolve with false.
 */

export interface StartOptions {
  /** If true, a run starts even after a completed one. Set it only if the work is known to be unfinished. */
  allowDuplicate?: boolean;
}

export function startDispatch(input: DispatchInput, options: StartOptions = {}): Promise<boolean> {
  // The workflow is named by a string. A reference to its function would not work if the names in the bundle were
  // minified.
  return isStarted(startChild(workflowTypes.dispatch, { ...childOptions(options), ...dispatchStart(input) }));
}

export function startRefund(
  input: RefundInput,
  { orderStatus = 'CANCELLED', ...options }: StartOptions & { orderStatus?: OrderStatus } = {},
): Promise<boolean> {
  return isStarted(startChild(workflowTypes.refund, { ...childOptions(options), ...refundStart(input, orderStatus) }));
}

/** An order in Postgres, with the data that a new run of its checkout needs. */
export interface PlacedOrderRef extends OrderRef, WithPublicUrl {
  idempotencyKey: string;
}

/** Starts a checkout run that continues the order. */
export function resumeCheckout({ idempotencyKey, orderId, publicUrl }: PlacedOrderRef): Promise<boolean> {
  // The run places no order, because Postgres already has the order and its payment window.
  const nothing = { lines: [], fingerprint: '', requestId: workflowInfo().workflowId, paymentWindowMs: 0 };
  const start = checkoutStart({ idempotencyKey, orderId, publicUrl, ...nothing });
  return isStarted(startChild(workflowTypes.checkout, { ...childOptions({ allowDuplicate: true }), ...start }));
}

/** Sends a payment event to the checkout of an order. Starts a checkout run first if none is open. */
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

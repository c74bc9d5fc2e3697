import { ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import { dispatchWorkflowId, refundWorkflowId, workflowTypes } from './contract';
import type { DispatchInput, RefundInput } from './messages';
import { operationsLink, searchAttributesOf } from './standing';

/** Runs that outlive the one that starts them. Each id belongs to its order or payment: a second start joins the first. */
const outlivesItsParent = {
  parentClosePolicy: ParentClosePolicy.ABANDON,
  workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
} as const;

/** Returns once the dispatch of the order has started, now or by an earlier run. */
export function startDispatch({ orderId, publicUrl }: Omit<DispatchInput, 'searchable'>): Promise<void> {
  // By name: a function reference would break once the production bundle's names are minified.
  return startedOnce(() =>
    startChild(workflowTypes.dispatch, {
      ...outlivesItsParent,
      workflowId: dispatchWorkflowId(orderId),
      args: [{ orderId, searchable: true, publicUrl }],
      staticSummary: `dispatch of ${orderId}`,
      staticDetails: operationsLink({ orderId, publicUrl }),
      typedSearchAttributes: searchAttributesOf({ orderId, status: 'PAID', paymentStatus: 'paid' }),
    }),
  );
}

/** Returns once the refund of the payment has started, now or by an earlier run. */
export function startRefund(input: RefundInput): Promise<void> {
  return startedOnce(() =>
    startChild(workflowTypes.refund, {
      ...outlivesItsParent,
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

async function startedOnce(start: () => Promise<unknown>): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (!isAlreadyStarted(error)) throw error;
  }
}

function isAlreadyStarted(error: unknown): boolean {
  return error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError';
}

import { randomUUID } from 'node:crypto';
import { type WorkflowClient, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { checkoutWorkflowId } from '@widget-store/workflows/contract';
import type { CheckoutInput } from '@widget-store/workflows/messages';
import type { Cart } from './cart';

/** What every call to a checkout run needs. */
export interface CheckoutRunsDeps {
  temporal: WorkflowClient;
  taskQueue: string;
  paymentWindowMs: number;
  /** Milliseconds until a call to Temporal gives up, its wait for a worker included. */
  deadlineMs: number;
}

/**
 * How the checkout run of a key is started. An open run is joined. A closed one is not repeated, unless it failed or was
 * terminated before its order ended.
 *
 * @param cart what the key is asked for; `undefined` for a run that takes over an order which Postgres knows
 */
export function checkoutRunOptions(
  idempotencyKey: string,
  cart: Cart | undefined,
  { taskQueue, paymentWindowMs }: CheckoutRunsDeps,
) {
  const { lines, fingerprint } = cart ?? { lines: [], fingerprint: '' };
  const input: CheckoutInput = { idempotencyKey, lines, fingerprint, requestId: randomUUID(), paymentWindowMs };
  const summary = lines.map(({ productId, quantity }) => `${quantity} of product ${productId}`).join(', ');
  return {
    workflowId: checkoutWorkflowId(idempotencyKey),
    taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    workflowTaskTimeout: '5 seconds',
    staticSummary: summary || 'an order that Postgres knows',
  } as const;
}

/** Runs calls to Temporal, Queries and waits included, within the deadline. */
export function inTime<T>({ temporal, deadlineMs }: CheckoutRunsDeps, work: () => Promise<T>): Promise<T> {
  return temporal.withDeadline(Date.now() + deadlineMs, work);
}

/** Whether the error says that the run has ended, or that Temporal does not know it any more. */
export function isClosed(error: unknown): boolean {
  return error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError;
}

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  isGrpcServiceError,
  type WorkflowClient,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import {
  checkoutWorkflowId,
  dispatchWorkflowId,
  refundWorkflowId,
  type workflowTypes,
} from '@widget-store/workflows/contract';
import type { CheckoutInput, RefundInput } from '@widget-store/workflows/messages';
import type { Cart } from './cart';

/** What every call to a run needs. */
export interface RunsDeps {
  temporal: WorkflowClient;
  taskQueue: string;
  paymentWindowMs: number;
  /** Milliseconds until a call to Temporal gives up, its wait for a worker included. */
  deadlineMs: number;
}

/** An open run is joined. A closed one is not repeated, unless it failed or was terminated before its work was done. */
const onceAnId = {
  workflowIdConflictPolicy: 'USE_EXISTING',
  workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
} as const;

/**
 * How the checkout run of a key is started.
 *
 * @param cart what the key is asked for; `undefined` for a run that takes over an order which Postgres knows
 */
export function checkoutRun(
  idempotencyKey: string,
  cart: Cart | undefined,
  { taskQueue, paymentWindowMs }: Pick<RunsDeps, 'taskQueue' | 'paymentWindowMs'>,
) {
  const { lines, fingerprint } = cart ?? { lines: [], fingerprint: '' };
  const input: CheckoutInput = { idempotencyKey, lines, fingerprint, requestId: randomUUID(), paymentWindowMs };
  const summary = lines.map(({ productId, quantity }) => `${quantity} of product ${productId}`).join(', ');
  return {
    ...onceAnId,
    workflowId: checkoutWorkflowId(idempotencyKey),
    taskQueue,
    args: [input],
    workflowTaskTimeout: '5 seconds',
    staticSummary: summary || 'an order that Postgres knows',
  } as const;
}

/** How the dispatch of a paid order is started, where its checkout has not done it. */
export function dispatchRun(orderId: string, { taskQueue }: Pick<RunsDeps, 'taskQueue'>) {
  const workflowId = dispatchWorkflowId(orderId);
  return { ...onceAnId, workflowId, taskQueue, args: [{ orderId }], staticSummary: `dispatch of ${orderId}` };
}

/** How the refund of a payment is started. */
export function refundRun(input: RefundInput, { taskQueue }: Pick<RunsDeps, 'taskQueue'>) {
  const { paymentId } = input;
  const workflowId = refundWorkflowId(paymentId);
  return { ...onceAnId, workflowId, taskQueue, args: [input], staticSummary: `refund of ${paymentId}` };
}

/** Starts a run, or finds that it is open or done. */
export async function startOnce(
  { temporal }: RunsDeps,
  type: keyof typeof workflowTypes,
  run: ReturnType<typeof dispatchRun> | ReturnType<typeof refundRun>,
): Promise<void> {
  try {
    await temporal.start(type, run);
  } catch (error) {
    if (!isClosed(error)) throw error;
  }
}

/** Runs calls to Temporal, Queries and waits included, within the deadline. */
export function inTime<T>({ temporal, deadlineMs }: RunsDeps, work: () => Promise<T>): Promise<T> {
  return temporal.withDeadline(Date.now() + deadlineMs, work);
}

const sendAgainAfterMs = 10;
/** gRPC status FAILED_PRECONDITION. */
const failedTaskCodes = new Set([9]);

/**
 * Sends an Update, again while its workflow task fails: a task that wanted to end the run fails when a signal comes at the
 * same moment, and takes the Updates that rode on it along. None of ours minds being sent twice. The surrounding deadline
 * ends this where every task fails.
 */
export async function outlastingFailedTasks<T>(send: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!isGrpcServiceError(error) || !failedTaskCodes.has(error.code)) throw error;
      await delay(sendAgainAfterMs);
    }
  }
}

/** Whether the error says that the run has ended, or that Temporal does not know it any more. */
export function isClosed(error: unknown): boolean {
  return error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError;
}

import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ApplicationFailure,
  isGrpcServiceError,
  QueryRejectedError,
  type WorkflowClient,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import { orderIdFrom, type workflowTypes } from '@widget-store/contract';
import type { RefundInput } from '@widget-store/workflows/messages';
import { checkoutStart, dispatchStart, refundStart } from '@widget-store/workflows/starts';
import type { Tracing } from '@widget-store/runtime';
import type { Cart } from '../cart';
import { traceMemo } from './orderTrace';

/** What every call to a run needs. */
export interface RunsDeps {
  temporal: WorkflowClient;
  taskQueue: string;
  paymentWindowMs: number;
  /** The store as shoppers reach it; each run names the operations page of its order there. */
  publicUrl: string;
  /** Undefined when traces go nowhere. */
  tracing: Tracing | undefined;
  /** Milliseconds until a call to Temporal gives up, its wait for a worker included. */
  deadlineMs: number;
}

/** An open run is joined. A closed one is not repeated, unless it failed or was terminated before its work was done. */
const onceAnId: { workflowIdConflictPolicy: 'USE_EXISTING'; workflowIdReusePolicy: ReusePolicy } = {
  workflowIdConflictPolicy: 'USE_EXISTING',
  workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
};

type ReusePolicy = 'ALLOW_DUPLICATE_FAILED_ONLY' | 'ALLOW_DUPLICATE';

/**
 * How the checkout run of a key is started.
 *
 * @param checkout.cart what the key is asked for; absent for a run that takes over an order which Postgres knows
 * @param checkout.orderId of that order
 */
export function checkoutRun(
  checkout: { idempotencyKey: string; cart?: Cart; orderId?: string },
  deps: Pick<RunsDeps, 'taskQueue' | 'paymentWindowMs' | 'publicUrl' | 'tracing'>,
) {
  const { taskQueue, paymentWindowMs, publicUrl, tracing } = deps;
  const { idempotencyKey, cart, orderId = orderIdFrom(randomBytes(16).toString('hex')) } = checkout;
  const { lines, fingerprint } = cart ?? { lines: [], fingerprint: '' };
  const requestId = randomUUID();
  const input = { idempotencyKey, orderId, lines, fingerprint, requestId, paymentWindowMs, publicUrl };
  return { ...onceAnId, ...traceMemo(tracing), ...checkoutStart(input), taskQueue };
}

/**
 * Also when a run of the id has closed in good order. For an order that is not decided although that run had decided it:
 * Postgres was restored to an earlier moment.
 */
export const anew = { workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const;

/** How the dispatch of a paid order is started, where its checkout has not done it. */
export function dispatchRun(orderId: string, { taskQueue, publicUrl }: Pick<RunsDeps, 'taskQueue' | 'publicUrl'>) {
  return { ...onceAnId, ...dispatchStart({ orderId, publicUrl }), taskQueue };
}

/** How the refund of a payment is started. */
export function refundRun(
  input: Omit<RefundInput, 'publicUrl'>,
  { taskQueue, publicUrl }: Pick<RunsDeps, 'taskQueue' | 'publicUrl'>,
) {
  return { ...onceAnId, ...refundStart({ ...input, publicUrl }), taskQueue };
}

/** Starts a run, or finds that it is open or done. @returns false when it is done */
export async function startOnce(
  { temporal }: RunsDeps,
  type: keyof typeof workflowTypes,
  run: ReturnType<typeof checkoutRun> | ReturnType<typeof dispatchRun> | ReturnType<typeof refundRun>,
): Promise<boolean> {
  try {
    await temporal.start(type, run);
    return true;
  } catch (error) {
    if (!isClosed(error)) throw error;
    return false;
  }
}

/** Runs calls to Temporal, Queries and waits included, within the deadline. */
export function inTime<T>({ temporal, deadlineMs }: RunsDeps, work: () => Promise<T>): Promise<T> {
  return temporal.withDeadline(Date.now() + deadlineMs, work);
}

/**
 * Asks a run by Query.
 *
 * @returns undefined when it is over: then the word is the row's, and the code that the run ran on may have no worker any more
 */
export async function askOpenRun<Answer>(
  run: WorkflowHandle,
  query: QueryDefinition<Answer>,
): Promise<Answer | undefined> {
  try {
    return await run.query(query);
  } catch (error) {
    if (error instanceof QueryRejectedError) return undefined;
    throw error;
  }
}

const joinedForMs = 2000;

/**
 * The id of an Update that many may ask for: a run takes 2,000 of them in its life (`history.maxTotalUpdates`), and those
 * that are asked for within two seconds are one. Not for longer, because one that failed is to be tried again.
 */
export function joinedUpdateId(name: string): string {
  return `${name}/${Math.floor(Date.now() / joinedForMs)}`;
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
  if (error instanceof WorkflowUpdateFailedError) return isEndedBeforeItsAnswer(error);
  return error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError;
}

/** The failure that the server gives to an Update which was accepted by a run that was terminated before it answered. */
function isEndedBeforeItsAnswer({ cause }: WorkflowUpdateFailedError): boolean {
  return cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow';
}

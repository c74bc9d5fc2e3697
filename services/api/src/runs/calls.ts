import { setTimeout as delay } from 'node:timers/promises';
import {
  ApplicationFailure,
  isGrpcServiceError,
  QueryRejectedError,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import type { RunsContext } from './context';

/** Ends all calls to Temporal that the work makes, Queries and waits included, at the deadline. */
export function withDeadline<T>(
  { temporal, deadlineMs }: Pick<RunsContext, 'temporal' | 'deadlineMs'>,
  work: () => Promise<T>,
): Promise<T> {
  return temporal.withDeadline(Date.now() + deadlineMs, work);
}

/**
 * Sends a Query to a run.
 *
 * @returns undefined when the run is closed: then the row has the answer, and the run may have no worker any more
 */
export async function queryOpenRun<Answer>(
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

const sharedForMs = 2000;

/**
 * The id of an Update that many clients may send. A run accepts at most 2,000 Updates (`history.maxTotalUpdates`), so
 * all that arrive within two seconds share one; not for longer, because a failed Update must be possible to retry.
 */
export function sharedUpdateId(name: string): string {
  return `${name}/${Math.floor(Date.now() / sharedForMs)}`;
}

const retryDelayMs = 10;
/** gRPC status FAILED_PRECONDITION. */
const failedTaskCodes = new Set<number>([9]);

/**
 * Sends an Update, and again while its workflow task fails: a task that completes the run fails when a signal arrives
 * at the same moment, and the Updates in it fail too. All our Updates are safe to repeat. The surrounding deadline ends
 * the retries.
 */
export async function retryFailedTasks<T>(send: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!isGrpcServiceError(error) || !failedTaskCodes.has(error.code)) throw error;
      await delay(retryDelayMs);
    }
  }
}

/** Whether the error says that the run is closed, or that Temporal no longer knows it. */
export function isClosed(error: unknown): boolean {
  if (error instanceof WorkflowUpdateFailedError) return isAbandoned(error);
  return error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError;
}

/** The server's failure for an Update whose run accepted it and was closed before it answered. */
function isAbandoned({ cause }: WorkflowUpdateFailedError): boolean {
  return cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow';
}

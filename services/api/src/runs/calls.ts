import { setTimeout as delay } from 'node:timers/promises';
import {
  ApplicationFailure,
  isGrpcServiceError,
  QueryRejectedError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import type { Store } from '@widget-store/db';
import type { RunsContext } from './context';

interface DeadlineContext extends Pick<RunsContext, 'temporal' | 'deadlineMs'> {
  store: Pick<Store, 'checkWritable'>;
}

/**
 * Runs work with a deadline for all of its calls to Temporal, including Queries and waits.
 *
 * @throws StoreError `DatabaseUnavailable` if the deadline passes while the database accepts no writes, because the run
 * is then waiting for the database
 */
export async function withDeadline<T>(
  { temporal, deadlineMs, store }: DeadlineContext,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await temporal.withDeadline(Date.now() + deadlineMs, work);
  } catch (error) {
    if (isDeadline(error)) await store.checkWritable();
    throw error;
  }
}

/** The gRPC status DEADLINE_EXCEEDED. */
const deadlineCodes = new Set<number>([4]);

function isDeadline(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const grpcError = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(grpcError) && deadlineCodes.has(grpcError.code);
}

/**
 * Sends a Query to a run.
 *
 * @returns undefined if the run is closed. The caller must then read the answer from the row of the order: possibly no
 * worker has the code of the closed run any more
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

const retryDelayMs = 10;
/** The gRPC status FAILED_PRECONDITION. */
const failedTaskCodes = new Set<number>([9]);

/**
 * Sends an Update, and sends it again each time its workflow task fails. If a signal arrives while a task completes the
 * run, the task fails, and the Updates in that task fail too. All our Updates are safe to repeat. The deadline of
 * `withDeadline` ends the repetition.
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

/**
 * Whether the run accepted the Update, but closed before it answered. The Temporal server reports this case as a
 * failure of the Update.
 */
function isAbandoned({ cause }: WorkflowUpdateFailedError): boolean {
  return cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow';
}

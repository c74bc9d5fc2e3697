import type { NativeConnection } from '@temporalio/worker';
import { retry } from './retry';

const callDeadlineMs = 5000;

/* The gRPC status codes (grpc.io, "Status codes"). */
export const invalidArgumentCode = 3;
export const notFoundCode = 5;
export const alreadyExistsCode = 6;
/** PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED: a managed Temporal refuses operator calls with these codes. */
export const deniedCodes = new Set([7, 12, 16]);
/**
 * Errors that disappear when Temporal has started: CANCELLED, UNKNOWN, NOT_FOUND while the namespace is being created,
 * DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE. The api also treats ABORTED, INTERNAL and FAILED_PRECONDITION as
 * temporary and responds with 503. These three codes are not in this list, because a worker must not retry them
 * silently. The operator must see that Temporal refuses the setup.
 */
export const transientCodes = new Set([1, 2, 4, 5, 8, 14]);

export function codeOf(error: unknown): number {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : Number.NaN;
}

/** Repeats the work while it fails with transient errors, until `stop` is aborted. */
export async function retryWhileAway(stop: AbortSignal, work: () => Promise<void>): Promise<void> {
  await retry(work, { stop, onError: throwLasting });
}

function throwLasting(error: unknown): void {
  if (!transientCodes.has(codeOf(error))) throw error;
}

/** Makes one call to Temporal with a deadline. */
export function withDeadline<T>(
  connection: Pick<NativeConnection, 'withDeadline'>,
  call: () => Promise<T>,
): Promise<T> {
  return connection.withDeadline(Date.now() + callDeadlineMs, call);
}

import { setTimeout as delay } from 'node:timers/promises';

export const callDeadlineMs = 5000;
const retryEveryMs = 500;

/* gRPC status codes (grpc.io, "Status codes"). */
export const alreadyThereCode = 6;
/** PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED: a managed Temporal that keeps its operator's calls to itself. */
export const deniedCodes = new Set([7, 12, 16]);
/**
 * What passes by itself while Temporal starts: CANCELLED, UNKNOWN, NOT_FOUND while the namespace is being made,
 * DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE. Fewer than a request may be answered 503 for: of a set-up that
 * Temporal refuses (ABORTED, INTERNAL, FAILED_PRECONDITION), somebody has to hear.
 */
export const transientCodes = new Set([1, 2, 4, 5, 8, 14]);

export function codeOf(error: unknown): number {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : Number.NaN;
}

/** Does something until it works, for as long as Temporal is away; undone when `stop` is aborted meanwhile. */
export async function untilTemporalAnswers(stop: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!stop.aborted) {
    try {
      await work();
      return;
    } catch (error) {
      if (!transientCodes.has(codeOf(error))) throw error;
      await delay(retryEveryMs);
    }
  }
}

import { pause } from '@widget-store/runtime';

interface RetryOptions {
  /** If this signal is aborted, the retries stop. */
  stop: AbortSignal;
  /** Called after each failure. If this function throws, the retries stop, and `retry` rejects with that error. */
  onError: (error: unknown, attempt: number) => void;
}

const retryEveryMs = 500;

/** Repeats the work until it succeeds. @returns undefined if `stop` was aborted first */
export async function retry<T>(work: () => Promise<T>, { stop, onError }: RetryOptions): Promise<T | undefined> {
  for (let attempt = 0; !stop.aborted; attempt++) {
    try {
      return await work();
    } catch (error) {
      onError(error, attempt);
      await pause(retryEveryMs, stop);
    }
  }
  return undefined;
}

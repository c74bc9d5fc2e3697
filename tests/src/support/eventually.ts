import { setTimeout as delay } from 'node:timers/promises';

const shortestPauseMs = 50;
/**
 * The length of the next pause, as a share of the time waited so far. So a long wait needs few calls, and lasts at most
 * a twentieth longer than necessary.
 */
const pauseRatio = 0.05;

/**
 * Waits for a state: calls `read` until `accept` returns true for the value that `read` has returned.
 *
 * @param read is called twenty times a second at first, and less often later. If `read` throws an error, the wait
 * continues.
 * @param options.deadlineMs the milliseconds after which the test fails with the last value or error
 */
export async function eventually<T>(
  read: () => Promise<T> | T,
  accept: (value: T) => boolean,
  { deadlineMs = 60_000 }: { deadlineMs?: number } = {},
): Promise<T> {
  const start = Date.now();
  let last: unknown;
  for (;;) {
    try {
      const value = await read();
      if (accept(value)) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    const waitedMs = Date.now() - start;
    if (waitedMs > deadlineMs) throw new Error(`not reached within ${deadlineMs} ms; last value: ${describe(last)}`);
    await delay(Math.max(shortestPauseMs, waitedMs * pauseRatio));
  }
}

function describe(value: unknown): string {
  return value instanceof Error ? (value.stack ?? value.message) : JSON.stringify(value);
}

import { setTimeout as delay } from 'node:timers/promises';

const pauseMs = 50;

/**
 * Waits for a state: calls `read` until `accept` returns true for the value.
 *
 * @param read is called about twenty times a second. An error that `read` throws counts as "not yet".
 * @param options.deadlineMs the milliseconds after which the test fails with the last value
 */
export async function eventually<T>(
  read: () => Promise<T> | T,
  accept: (value: T) => boolean,
  { deadlineMs = 30_000 }: { deadlineMs?: number } = {},
): Promise<T> {
  const end = Date.now() + deadlineMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await read();
      if (accept(value)) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`not reached within ${deadlineMs} ms; last value: ${describe(last)}`);
    await delay(pauseMs);
  }
}

function describe(value: unknown): string {
  return value instanceof Error ? (value.stack ?? value.message) : JSON.stringify(value);
}

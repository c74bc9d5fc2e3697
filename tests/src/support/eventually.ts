import { setTimeout as delay } from 'node:timers/promises';

const pauseMs = 50;

/**
 * Waits for a state: asks again until `accept` is satisfied.
 *
 * @param read asked about twenty times a second; an error it throws counts as "not yet"
 * @param options.deadlineMs milliseconds until the test fails with what was last seen
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
    if (Date.now() > end) throw new Error(`still not so after ${deadlineMs} ms; last seen: ${describe(last)}`);
    await delay(pauseMs);
  }
}

function describe(value: unknown): string {
  return value instanceof Error ? (value.stack ?? value.message) : JSON.stringify(value);
}

import { setTimeout as delay } from 'node:timers/promises';

export interface Rate {
  perSecond: number;
  done: number;
  seconds: number;
}

/**
 * Keeps as many clients busy as given, each with one piece of work after the other: a closed loop, for the highest rate.
 * Work that is not done at the end does not count, but is waited for.
 */
export async function closedLoop(
  { clients, durationMs }: { clients: number; durationMs: number },
  work: (client: number) => Promise<unknown>,
): Promise<Rate> {
  const startedMs = performance.now();
  const endMs = startedMs + durationMs;
  let done = 0;
  const keepWorking = async (client: number): Promise<void> => {
    while (performance.now() < endMs) {
      await work(client);
      if (performance.now() <= endMs) done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => keepWorking(client)));
  return { done, seconds: durationMs / 1000, perSecond: (done * 1000) / durationMs };
}

/**
 * Begins pieces of work at even distances, however long each takes: an open loop, for latencies. Each is timed from when it
 * was to begin, so that a slow answer is also seen in what had to wait behind it (no coordinated omission).
 *
 * @returns milliseconds of each
 */
export async function openLoop(
  { perSecond, durationMs }: { perSecond: number; durationMs: number },
  work: () => Promise<unknown>,
): Promise<number[]> {
  const startMs = performance.now();
  const count = Math.max(1, Math.round((durationMs / 1000) * perSecond));
  const begun: Promise<number>[] = [];
  for (let index = 0; index < count; index++) {
    const dueMs = startMs + (index * 1000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await delay(waitMs);
    begun.push(work().then(() => performance.now() - dueMs));
  }
  return Promise.all(begun);
}

import { setTimeout as delay } from 'node:timers/promises';

/** How a closed loop is measured. */
interface ClosedLoop<Reading> {
  clients: number;
  /** Until as much is under way as ever will be: about as long as one piece of work takes then. Nothing of it counts. */
  leadInMs: number;
  durationMs: number;
  /** Read at both ends of the duration, while the clients are at work: what was used in between was used by what was done. */
  read?: () => Reading | Promise<Reading>;
}

export interface Rate<Reading> {
  perSecond: number;
  done: number;
  before: Reading | undefined;
  after: Reading | undefined;
}

/**
 * Keeps as many clients busy as given, each with one piece of work after the other: a closed loop, for the highest rate.
 * Counted is what ends within the duration, whenever it was begun: as much is under way at its beginning as at its end, so
 * that slow and fast contestants are measured alike. What is under way at the end is waited for.
 */
export async function closedLoop<Reading = never>(
  { clients, leadInMs, durationMs, read }: ClosedLoop<Reading>,
  work: (client: number) => Promise<unknown>,
): Promise<Rate<Reading>> {
  const over = new AbortController();
  let isCounting = false;
  let done = 0;
  const keepWorking = async (client: number): Promise<void> => {
    while (!over.signal.aborted) {
      await work(client);
      if (isCounting) done += 1;
    }
  };
  const working = Promise.all(Array.from({ length: clients }, (_, client) => keepWorking(client)));
  try {
    await Promise.race([delay(leadInMs), working]);
    const before = await read?.();
    const startedMs = performance.now();
    isCounting = true;
    await Promise.race([delay(durationMs), working]);
    isCounting = false;
    over.abort();
    const seconds = (performance.now() - startedMs) / 1000;
    const after = await read?.();
    await working;
    return { done, perSecond: done / seconds, before, after };
  } finally {
    over.abort();
  }
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
    const timed = work().then(() => performance.now() - dueMs);
    // The first failure is thrown below; until then it must not end the process.
    timed.catch(() => {});
    begun.push(timed);
  }
  return Promise.all(begun);
}

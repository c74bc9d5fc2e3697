import { setTimeout as delay } from 'node:timers/promises';

interface ClosedLoop<Reading> {
  clients: number;
  /** Time before the measurement, about as long as one piece of work takes under this load. Nothing of it counts. */
  warmUpMs: number;
  durationMs: number;
  /** Read at both ends of the measurement, while the clients work. */
  read?: () => Reading | Promise<Reading>;
}

export interface Rate<Reading> {
  perSecond: number;
  done: number;
  before: Reading | undefined;
  after: Reading | undefined;
}

/**
 * A closed loop, for the highest rate: each client does one piece of work after the other. It counts the work that ends within
 * the duration, whenever it began. As much work is in flight at the beginning as at the end, so slow and fast contestants are
 * measured alike. It waits for the work that is in flight at the end.
 */
export async function closedLoop<Reading = never>(
  { clients, warmUpMs, durationMs, read }: ClosedLoop<Reading>,
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
    await Promise.race([delay(warmUpMs), working]);
    const before = await read?.();
    const startedAtMs = performance.now();
    isCounting = true;
    await Promise.race([delay(durationMs), working]);
    isCounting = false;
    over.abort();
    const seconds = (performance.now() - startedAtMs) / 1000;
    const after = await read?.();
    await working;
    return { done, perSecond: done / seconds, before, after };
  } finally {
    over.abort();
  }
}

/**
 * An open loop, for latencies: it begins pieces of work at even distances, however long each takes. Each is timed from when it
 * was due, so a slow answer also counts against the work that waited behind it (no coordinated omission).
 *
 * @returns milliseconds of each piece
 */
export async function openLoop(
  { perSecond, durationMs }: { perSecond: number; durationMs: number },
  work: () => Promise<unknown>,
): Promise<number[]> {
  const startMs = performance.now();
  const count = Math.max(1, Math.round((durationMs / 1000) * perSecond));
  const pending: Promise<number>[] = [];
  for (let index = 0; index < count; index++) {
    const dueMs = startMs + (index * 1000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await delay(waitMs);
    const timed = work().then(() => performance.now() - dueMs);
    // Promise.all below throws the first failure; until then it must not be an unhandled rejection.
    timed.catch(() => {});
    pending.push(timed);
  }
  return Promise.all(pending);
}

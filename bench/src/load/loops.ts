import { setTimeout as delay } from 'node:timers/promises';

interface ClosedLoop<Reading> {
  clients: number;
  /**
   * The time before the measurement, about as long as one piece of work takes under this load. Work that ends in this
   * time is not counted.
   */
  warmUpMs: number;
  durationMs: number;
  /** Called once at the start and once at the end of the measurement, while the clients work. */
  read?: () => Reading | Promise<Reading>;
}

export interface Rate<Reading> {
  perSecond: number;
  done: number;
  before: Reading | undefined;
  after: Reading | undefined;
}

/**
 * Measures the highest rate with a closed loop: each client does one piece of work after another. Counts the work that
 * ends within the duration, whenever that work started. The same amount of work is in flight at the start and at the
 * end, so the result favours neither slow nor fast contestants. Waits for the work that is in flight at the end.
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
 * Measures latencies with an open loop: pieces of work start at regular intervals, however long each takes. Each piece
 * is timed from the moment when it was due, so a slow answer also counts against the work that waited behind it (no
 * coordinated omission).
 *
 * @returns the milliseconds that each piece of work took
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
    // `Promise.all` below throws the first failure. Until then, a failure must not be an unhandled rejection.
    timed.catch(() => {});
    pending.push(timed);
  }
  return Promise.all(pending);
}

/** How many pieces of work may run at once, derived from how long they take. */
export interface ConcurrencyLimit {
  readonly value: number;
  /** To be called at the end of each piece of work. */
  record(work: EndedWork): void;
}

interface EndedWork {
  /** By `performance.now()`. */
  startedAtMs: number;
  endedAtMs: number;
  isDone: boolean;
  /** Whether the limit was reached when the work ended: a limit that is never reached must not grow. */
  wasFull: boolean;
}

/** A median checkout time above this means that fewer checkouts at once would be faster. */
const targetMs = 500;
/** Enough to notice that the store has become fast again. */
const minLimit = 2;
const initialLimit = 10;
/** At 50 ms a checkout this is 4,000 a second, more than one process can serve. */
const maxLimit = 200;
const maxDecrease = 0.5;

/**
 * Additive increase, multiplicative decrease, like the congestion window of TCP (RFC 5681). A window is as many ends as
 * the limit allows at once. The limit grows by one after a fast window. After a slow one it becomes what would have
 * been fast by Little's law, and at least half. So several processes share one store fairly. The median of the window
 * counts: a few slow checkouts are no congestion.
 */
export function createConcurrencyLimit(): ConcurrencyLimit {
  let value = initialLimit;
  let tookMs: number[] = [];
  let wasFull = false;
  let loweredAtMs = -Infinity;

  function endWindow(atMs: number): void {
    const medianMs = median(tookMs);
    if (medianMs > targetMs) {
      value = Math.max(minLimit, Math.floor(value * Math.max(targetMs / medianMs, maxDecrease)));
      loweredAtMs = atMs;
    } else if (wasFull) value = Math.min(maxLimit, value + 1);
    tookMs = [];
    wasFull = false;
  }

  return {
    get value() {
      return value;
    },
    record: (work) => {
      const workMs = work.endedAtMs - work.startedAtMs;
      // A fast failure says nothing about the speed of the store; a late one is a timeout, which does.
      if (!work.isDone && workMs <= targetMs) return;
      // It ran under the earlier, higher limit, which has been lowered since.
      if (work.startedAtMs < loweredAtMs) return;
      tookMs.push(workMs);
      wasFull ||= work.wasFull;
      if (tookMs.length >= value) endWindow(work.endedAtMs);
    },
  };
}

function median(numbers: number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

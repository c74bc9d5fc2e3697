/** How many pieces of work may run at once, found from how long they take. */
export interface ConcurrencyLimit {
  readonly value: number;
  /** Is told of each piece of work. */
  ended(work: EndedWork): void;
}

interface EndedWork {
  /** By `performance.now()`. */
  startedAtMs: number;
  endedAtMs: number;
  isDone: boolean;
  /** Whether as many ran as may, when it ended: a limit that nobody reaches is not to grow. */
  wasFull: boolean;
}

/** A store whose checkouts take longer than this is busy with more of them than helps. */
const targetMs = 500;
/** Enough to notice that the store is fast again. */
const smallest = 2;
const initial = 10;
/** Of one process, which is busy itself long before: at 50 ms each it is 4,000 a second. */
const largest = 200;
const mostAtOnce = 0.5;

/**
 * Additive increase, multiplicative decrease, as TCP finds what a way can carry (RFC 5681): one more after each window of
 * as many ends as may run at once; after a slow window as many as would have been fast, which Little's law says, and half at
 * least. Several processes before one store share it fairly so. It is the window's median that counts: a few slow ones are
 * no congestion.
 */
export function createConcurrencyLimit(): ConcurrencyLimit {
  let value = initial;
  let tookMs: number[] = [];
  let wasFull = false;
  let loweredAtMs = -Infinity;

  function endWindow(atMs: number): void {
    const medianMs = median(tookMs);
    if (medianMs > targetMs) {
      value = Math.max(smallest, Math.floor(value * Math.max(targetMs / medianMs, mostAtOnce)));
      loweredAtMs = atMs;
    } else if (wasFull) value = Math.min(largest, value + 1);
    tookMs = [];
    wasFull = false;
  }

  return {
    get value() {
      return value;
    },
    ended: (work) => {
      const workMs = work.endedAtMs - work.startedAtMs;
      // What fails at once says nothing of how fast the store is; what fails late was waited for in vain.
      if (!work.isDone && workMs <= targetMs) return;
      // It ran beside more than run now, and they have been counted.
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

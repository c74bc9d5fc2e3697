/** Limits how much work runs at the same time. The limit adapts to how long the work takes. */
export interface ConcurrencyLimit {
  readonly value: number;
  /** Must be called at the end of each piece of work whose duration says something about the speed of the store. */
  record(work: EndedWork): void;
}

export interface EndedWork {
  /** A time of `performance.now()`, like `endedAtMs`. */
  startedAtMs: number;
  endedAtMs: number;
  isDone: boolean;
  /** Whether the limit was reached when the work ended. A limit that is never reached must not grow. */
  wasFull: boolean;
}

/** If the median duration of checkouts is longer than this, the limit is lowered. */
const targetMs = 500;
/**
 * A checkout can be slow for another reason than load, for example because Temporal is far away. With this minimum, a
 * process still completes eight checkouts per second if each takes a second.
 */
const minLimit = 8;
const initialLimit = 10;
/** At 50 ms per checkout, this allows 4,000 checkouts per second, which a single process cannot reach. */
const maxLimit = 200;
const maxDecrease = 0.5;

/**
 * Creates a limit with additive increase and multiplicative decrease, like the congestion window of TCP (RFC 5681).
 * Several processes with such limits share a store fairly.
 *
 * The limit changes only at the end of a measuring window, which consists of as many ended checkouts as the limit
 * allows at the same time. A window is slow if the median duration of its checkouts is over `targetMs`. The median is
 * used, because a few slow checkouts do not mean that the store is slow. After a slow window, the limit is multiplied
 * by `targetMs / median`, but by no less than 0.5. After a fast window in which the limit was reached, the limit grows
 * by one.
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
      // A fast failure says nothing about the speed of the store. A slow failure is usually a timeout, so it is
      // recorded as slow work.
      if (!work.isDone && workMs <= targetMs) return;
      // Work that started before the limit was lowered says nothing about the new limit.
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

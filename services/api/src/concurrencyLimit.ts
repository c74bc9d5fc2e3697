/** How many pieces of work may run at once, found from how long they take. */
export interface ConcurrencyLimit {
  readonly value: number;
  /** Is told of each piece of work. */
  ended(work: EndedWork): void;
}

interface EndedWork {
  tookMs: number;
  isDone: boolean;
  /** Whether as many ran as may, when it ended: a limit that nobody reaches is not to grow. */
  wasFull: boolean;
}

/** A store whose checkouts take longer than this is busy with more of them than helps. */
const targetMs = 500;
/** So many are never too many, and enough to notice that the store is fast again. */
const smallest = 10;
const initial = 20;
/** Of one process, which is busy itself long before: at 50 ms each it is 4,000 a second. */
const largest = 200;
const backoff = 0.9;

/**
 * Additive increase, multiplicative decrease, as TCP finds what a way can carry (RFC 5681): one more after each window of
 * as many ends as may run at once, a tenth less when the window was slow. Several processes before one store share it
 * fairly so. It is the window's median that counts: a few slow ones are no congestion.
 */
export function createConcurrencyLimit(): ConcurrencyLimit {
  let value = initial;
  let tookMs: number[] = [];
  let wasFull = false;
  return {
    get value() {
      return value;
    },
    ended: (work) => {
      // What fails at once says nothing of how fast the store is; what fails late was waited for in vain.
      if (!work.isDone && work.tookMs <= targetMs) return;
      tookMs.push(work.tookMs);
      wasFull ||= work.wasFull;
      if (tookMs.length < value) return;
      if (median(tookMs) > targetMs) value = Math.max(smallest, Math.floor(value * backoff));
      else if (wasFull) value = Math.min(largest, value + 1);
      tookMs = [];
      wasFull = false;
    },
  };
}

function median(numbers: number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

/** Holds the latest value for one reader. A slow reader misses values that later values have replaced. */
export interface LatestValue<Value> {
  put(value: Value): void;
  /**
   * Takes the latest value. If the reader has already taken it, waits for the next value. Returns undefined if the next
   * value does not come within `waitMs` milliseconds, or if `close` is called first.
   */
  take(waitMs: number): Promise<Value | undefined>;
  close(): void;
}

export function createLatestValue<Value>(): LatestValue<Value> {
  let latest: Value | undefined;
  let isClosed = false;
  let wake: (() => void) | undefined;

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    put: (value) => {
      latest = value;
      wake?.();
    },
    take: async (waitMs) => {
      if (latest === undefined && !isClosed) await sleep(waitMs);
      const value = latest;
      latest = undefined;
      return value;
    },
    close: () => {
      isClosed = true;
      wake?.();
    },
  };
}

/** Holds the latest of the values that were put into it, for one reader that may be slower than the writers. */
export interface LatestValue<Value> {
  put(value: Value): void;
  /**
   * The latest value that was not taken yet, or the next one; undefined after `waitMs` milliseconds, or once closed.
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

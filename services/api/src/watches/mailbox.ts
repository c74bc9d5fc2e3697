import { createSleeper } from './sleeper';

/** Holds the newest of the values that were put into it, for one reader that may be slower than the writers. */
export interface Mailbox<Value> {
  put(value: Value): void;
  /**
   * The newest value that was not taken yet, or the next one; undefined when `waitMs` milliseconds pass without one, or when
   * the mailbox is closed.
   */
  take(waitMs: number): Promise<Value | undefined>;
  /** Ends the waiting, now and from now on. */
  close(): void;
}

export function createMailbox<Value>(): Mailbox<Value> {
  let newest: Value | undefined;
  let closed = false;
  const sleeper = createSleeper();

  return {
    put: (value) => {
      newest = value;
      sleeper.wake();
    },
    take: async (waitMs) => {
      if (newest === undefined && !closed) await sleeper.sleep(waitMs);
      const value = newest;
      newest = undefined;
      return value;
    },
    close: () => {
      closed = true;
      sleeper.wake();
    },
  };
}

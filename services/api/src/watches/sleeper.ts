/** Lets one waiter sleep, and others wake it before its time. */
interface Sleeper {
  /** Resolves when it is woken, and after so many milliseconds in any case. */
  sleep(ms: number): Promise<void>;
  /** Does nothing while nobody sleeps. */
  wake(): void;
}

export function createSleeper(): Sleeper {
  let wake: (() => void) | undefined;
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    wake: () => wake?.(),
  };
}

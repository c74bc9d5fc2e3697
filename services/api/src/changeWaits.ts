/** Lets a request wait until something about its order has changed. */
export interface ChangeWaits {
  /** Listens from now on, so that a change is not missed which comes before somebody waits for it. */
  listen(orderId: string): ChangeWait;
  /** The order changed. */
  changed(orderId: string): void;
  /** Any order may have changed. */
  missed(): void;
}

interface ChangeWait {
  /** Resolves after a change that nobody has waited for yet, and after so many milliseconds in any case. */
  next(withinMs: number): Promise<void>;
  end(): void;
}

export function createChangeWaits(): ChangeWaits {
  const waits = new Map<string, Set<() => void>>();

  function tell(orderId: string): void {
    waits.get(orderId)?.forEach((wake) => wake());
  }

  return {
    listen: (orderId) => {
      let hasChanged = false;
      let wakeUp = (): void => {};
      const wake = (): void => {
        hasChanged = true;
        wakeUp();
      };
      const others = waits.get(orderId) ?? new Set();
      waits.set(orderId, others.add(wake));
      return {
        next: async (withinMs) => {
          if (!hasChanged) {
            await new Promise<void>((resolve) => {
              const timer = setTimeout(resolve, withinMs);
              wakeUp = () => {
                clearTimeout(timer);
                resolve();
              };
            });
          }
          hasChanged = false;
        },
        end: () => {
          others.delete(wake);
          if (others.size === 0 && waits.get(orderId) === others) waits.delete(orderId);
        },
      };
    },
    changed: tell,
    missed: () => [...waits.keys()].forEach(tell),
  };
}

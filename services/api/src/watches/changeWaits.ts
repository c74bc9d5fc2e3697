import { createSleeper } from './sleeper';

/** Lets a request wait until something about its order has changed. */
export interface ChangeWaits {
  /** Listens from now on, so that a change is not missed which comes before somebody waits for it. */
  listen(orderId: string): ChangeWait;
  /** The order changed. */
  changed(orderId: string): void;
  /** Any order may have changed. */
  missed(): void;
  /** How many orders are listened for. */
  open(): number;
}

interface ChangeWait {
  /**
   * Looks after each change whether something is so now, and from time to time in any case.
   *
   * @returns whether it was so within so many milliseconds
   */
  until(isSo: () => Promise<boolean>, withinMs: number): Promise<boolean>;
  end(): void;
}

/** Where no change is told of although there was one. */
const lookAgainAfterMs = 200;

export function createChangeWaits(): ChangeWaits {
  const waits = new Map<string, Set<Listener>>();

  function tell(orderId: string): void {
    waits.get(orderId)?.forEach((listener) => listener.tell());
  }

  return {
    listen: (orderId) => {
      const listener = new Listener();
      const others = waits.get(orderId) ?? new Set();
      waits.set(orderId, others.add(listener));
      return {
        until: async (isSo, withinMs) => {
          const end = Date.now() + withinMs;
          do {
            await listener.next(lookAgainAfterMs);
            if (await isSo()) return true;
          } while (Date.now() < end);
          return false;
        },
        end: () => {
          others.delete(listener);
          if (others.size === 0 && waits.get(orderId) === others) waits.delete(orderId);
        },
      };
    },
    changed: tell,
    missed: () => [...waits.keys()].forEach(tell),
    open: () => waits.size,
  };
}

class Listener {
  private hasChanged = false;
  private readonly sleeper = createSleeper();

  tell(): void {
    this.hasChanged = true;
    this.sleeper.wake();
  }

  /** Resolves after a change that nobody has waited for yet, and after so many milliseconds in any case. */
  async next(withinMs: number): Promise<void> {
    if (!this.hasChanged) await this.sleeper.sleep(withinMs);
    this.hasChanged = false;
  }
}

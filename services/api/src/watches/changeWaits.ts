import { createLatestValue, type LatestValue } from './latestValue';

/** Lets requests wait for a change of their order. */
export interface ChangeWaits {
  /** Listens from now on, so that no change is missed before `until` is called. */
  listen(orderId: string): ChangeWait;
  /** The order changed. */
  changed(orderId: string): void;
  /** Any order may have changed: notifications were lost. */
  missed(): void;
  /** How many orders have listeners. */
  open(): number;
}

export interface ChangeWait {
  /**
   * Evaluates the condition after each change of the order, and regularly in case a notification is lost.
   *
   * @returns whether the condition was met within so many milliseconds
   */
  until(condition: () => Promise<boolean>, withinMs: number): Promise<boolean>;
  end(): void;
}

const pollMs = 200;

export function createChangeWaits(): ChangeWaits {
  const listeners = new Map<string, Set<LatestValue<true>>>();

  function notify(orderId: string): void {
    listeners.get(orderId)?.forEach((changes) => changes.put(true));
  }

  return {
    listen: (orderId) => {
      const changes = createLatestValue<true>();
      const ofOrder = listeners.get(orderId) ?? new Set();
      listeners.set(orderId, ofOrder.add(changes));
      return {
        until: async (condition, withinMs) => {
          const endMs = Date.now() + withinMs;
          do {
            await changes.take(pollMs);
            if (await condition()) return true;
          } while (Date.now() < endMs);
          return false;
        },
        end: () => {
          ofOrder.delete(changes);
          if (ofOrder.size === 0 && listeners.get(orderId) === ofOrder) listeners.delete(orderId);
        },
      };
    },
    changed: notify,
    missed: () => [...listeners.keys()].forEach(notify),
    open: () => listeners.size,
  };
}

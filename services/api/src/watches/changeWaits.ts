import { createLatestValue, type LatestValue } from './latestValue';

/** Lets requests wait for a change of their order. */
export interface ChangeWaits {
  /** Starts to listen during this call, so a change between this call and the call of `until` is not missed. */
  listen(orderId: string): ChangeWait;
  /** Must be called when an order has changed. */
  changed(orderId: string): void;
  /** Must be called when notifications were lost, because every order can have changed unnoticed. */
  missed(): void;
  /** How many orders have listeners. */
  open(): number;
}

export interface ChangeWait {
  /**
   * Evaluates the condition after each change of the order, and also every `pollMs`, because notifications can be lost.
   *
   * @returns whether the condition became true within `withinMs` milliseconds
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

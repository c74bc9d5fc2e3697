import { isOrderId } from '@widget-store/contract';
import { createStoredValue, type KeyStorage, type SharedValue } from './storedValue.js';

/**
 * The ids of the orders that were placed in this browser, newest first. The store has no accounts, so only the browser
 * knows which orders belong to its user.
 */
export interface OrderHistory extends SharedValue<readonly string[]> {
  /** Adds an id, if it is not in the list yet. */
  add: (orderId: string) => void;
}

const maxOrders = 200;

export function createOrderHistory(storage: KeyStorage): OrderHistory {
  const { current, set, subscribe, onStorageEvent } = createStoredValue<readonly string[]>({
    storage,
    name: 'widget-store.orders',
    parse: (stored) => (Array.isArray(stored) ? stored.filter((id) => typeof id === 'string' && isOrderId(id)) : []),
    isEmpty: (orderIds) => orderIds.length === 0,
  });
  return {
    current,
    subscribe,
    onStorageEvent,
    add: (orderId) => {
      if (!current().includes(orderId)) set([orderId, ...current()].slice(0, maxOrders));
    },
  };
}

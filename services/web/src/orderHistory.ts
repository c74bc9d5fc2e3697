import { isOrderId } from '@widget-store/contract';
import { createStoredValue, type KeyStorage, type SharedValue } from './storedValue.js';

/**
 * The ids of the orders placed in this browser, newest first. There are no accounts: an order's id gives access to it, so only
 * the browser knows which orders are its own.
 */
export interface OrderHistory extends SharedValue<readonly string[]> {
  /** Idempotent. */
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

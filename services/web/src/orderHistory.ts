import { isOrderId } from '@widget-store/contract';
import { createStoredValue, type KeyStorage, type StoredValue } from './storedValue.js';

/**
 * The orders that were placed in this browser, newest first. Knowing an order's id is the right to see it, so the browser
 * is the only one that has to remember whose they are.
 */
export interface OrderHistory extends Pick<
  StoredValue<readonly string[]>,
  'current' | 'subscribe' | 'changedElsewhere'
> {
  /** Safe to repeat. */
  add: (orderId: string) => void;
}

const mostOrders = 200;

export function createOrderHistory(storage: KeyStorage): OrderHistory {
  const { current, set, subscribe, changedElsewhere } = createStoredValue<readonly string[]>({
    storage,
    name: 'widget-store.orders',
    parse: (stored) => (Array.isArray(stored) ? stored.filter((id) => typeof id === 'string' && isOrderId(id)) : []),
    isEmpty: (orderIds) => orderIds.length === 0,
  });
  return {
    current,
    subscribe,
    changedElsewhere,
    add: (orderId) => {
      if (!current().includes(orderId)) set([orderId, ...current()].slice(0, mostOrders));
    },
  };
}

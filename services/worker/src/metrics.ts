import type { Store } from '@widget-store/db';
import { aroundMethods, Counter, Gauge, type Registry } from '@widget-store/runtime';

/**
 * What the worker says of the store: how old the oldest open hold is, asked of Postgres at each scrape, and refunds.
 *
 * @returns the store that counts
 */
export function measureOrders(store: Store, registry: Registry): Store {
  const registers = [registry];
  const oldestHold = new Gauge({
    name: 'widget_store_oldest_hold_age_seconds',
    help: 'Age of the oldest order that still waits for its payment; 0 when none does.',
    registers,
    collect: async () => {
      // A database that is away is told by /readyz; the other metrics are wanted then all the more.
      oldestHold.set(await store.readOldestHoldAge().catch(() => Number.NaN));
    },
  });
  const refunds = new Counter({
    name: 'widget_store_refunds_total',
    help: 'Refunds recorded: money that came for an order which is cancelled.',
    registers,
  });
  const counted = aroundMethods(store, ['ping', 'close'], async (method, call) => {
    const answer = await call();
    if (method === 'recordRefund') refunds.inc();
    return answer;
  });
  return counted;
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from '@widget-store/db';

const tickMs = 1000;

/** Ticks a paid order down to DISPATCHED; what a dying process was at is lost. */
export async function plainDispatch(store: Store, orderId: string): Promise<void> {
  let order = await store.readDispatchProgress({ orderId });
  while (order.status === 'PAID') {
    await delay(tickMs);
    order = await store.tickDispatch({ orderId, from: order.progressRemaining });
  }
}

import { heartbeat, sleep } from '@temporalio/activity';
import type { Store } from '@widget-store/db';
import type { OrderRef, OrderState } from '@widget-store/contract';

/**
 * Ticks a paid order down to DISPATCHED, one tick every `tickMs` milliseconds, or until it is cancelled. The progress lives
 * in the row alone, so an attempt that follows a dead worker goes on where that one stood. Sleeping throws when the
 * activity is cancelled, which is how a worker that shuts down hands the dispatch to the next one.
 */
export async function dispatchOrder(
  { store, tickMs }: { store: Pick<Store, 'readDispatchProgress' | 'tickDispatch'>; tickMs: number },
  { orderId }: OrderRef,
): Promise<OrderState> {
  let order = await store.readDispatchProgress({ orderId });
  while (order.status === 'PAID') {
    heartbeat(order.progressRemaining);
    await sleep(tickMs);
    order = await store.tickDispatch({ orderId, from: order.progressRemaining });
  }
  const { progressRemaining: _progress, ...state } = order;
  return state;
}

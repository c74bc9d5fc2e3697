import { heartbeat, sleep } from '@temporalio/activity';
import type { Store } from '@widget-store/db';
import type { OrderRef, OrderState } from '@widget-store/contract';

/**
 * Ticks a paid order down to DISPATCHED, one tick every `tickMs` milliseconds, or until it is cancelled. The row alone has the
 * progress, so the next attempt continues where a dead worker stopped. `sleep` throws when the activity is cancelled; that is
 * how a worker that shuts down hands the dispatch over.
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

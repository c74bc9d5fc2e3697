import { heartbeat, sleep } from '@temporalio/activity';
import type { Store } from '@widget-store/db';
import type { OrderRef, OrderState } from '@widget-store/contract';
import { recordBuyer, type RecordBuyerDeps } from './recordBuyer';

/**
 * Records who has bought a paid order. Then makes a manual order ready to ship, and returns at once. The order then
 * waits for an operator, without a run.
 *
 * Counts a paid demo order down to DISPATCHED, one tick every `tickMs` milliseconds. Stops if the order is cancelled.
 * The progress is in the order's row, so the next attempt continues where a dead worker stopped. If a worker shuts
 * down, it cancels the activity: `sleep` throws, and another worker continues the dispatch.
 */
export async function dispatchOrder(
  {
    store,
    gateway,
    tickMs,
  }: RecordBuyerDeps & {
    store: Pick<Store, 'readDispatchProgress' | 'tickDispatch' | 'markReadyToShip'>;
    tickMs: number;
  },
  { orderId }: OrderRef,
): Promise<OrderState> {
  let order = await store.readDispatchProgress({ orderId });
  await recordBuyer({ store, gateway }, { orderId, ...order });
  if (order.fulfilment === 'manual') return store.markReadyToShip({ orderId });
  while (order.status === 'PAID') {
    heartbeat(order.progressRemaining);
    await sleep(tickMs);
    order = await store.tickDispatch({ orderId, from: order.progressRemaining });
  }
  const { progressRemaining: _progress, fulfilment: _fulfilment, ...state } = order;
  return state;
}

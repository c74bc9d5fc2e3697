import { heartbeat, sleep } from '@temporalio/activity';
import type { Store } from '@widget-store/db';
import type { OrderRef, OrderState } from '@widget-store/contract';
import { recordBuyer, type RecordBuyerDeps } from './recordBuyer';

/**
 * Records the buyer of a paid order, and then dispatches the order. It does not ship a manual order, but marks it ready
 * to ship. The order then has no open run and waits until an operator ships it.
 *
 * For a demo order, counts down to DISPATCHED, one tick every `tickMs` milliseconds, unless the order is cancelled. The
 * progress is in the order's row, so the next attempt continues where a dead worker stopped. A worker that shuts down
 * cancels the activity: `sleep` throws, and another worker continues the dispatch.
 */
export async function dispatchOrder(
  {
    store,
    gateway,
    tickMs,
  }: RecordBuyerDeps & {
    store: Pick<Store, 'readDispatch' | 'tickDispatch' | 'markReadyToShip'>;
    tickMs: number;
  },
  { orderId }: OrderRef,
): Promise<OrderState> {
  const { needsBuyer, ...read } = await store.readDispatch({ orderId });
  let order = read;
  if (needsBuyer) await recordBuyer({ store, gateway }, { orderId, paymentId: order.paymentId });
  if (order.fulfilment === 'manual') return store.markReadyToShip({ orderId });
  while (order.status === 'PAID') {
    heartbeat(order.progressRemaining);
    await sleep(tickMs);
    order = await store.tickDispatch({ orderId, from: order.progressRemaining });
  }
  const { progressRemaining: _progress, fulfilment: _fulfilment, ...state } = order;
  return state;
}

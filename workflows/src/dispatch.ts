import { allHandlersFinished, CancellationScope, condition, proxyActivities, setHandler } from '@temporalio/workflow';
import { type Activities, nonRetryableFailureTypes } from '@widget-store/contract';
import { startRefund } from './children';
import { cancelPaidOrder } from './databaseSteps';
import { cancelUpdate, type DispatchInput } from './messages';
import { showStanding, tell } from './standing';

/**
 * One activity ticks the whole dispatch and beats its heart: a timer and an activity for each tick would cost twice as
 * much. A worker that dies is missed after the heartbeat timeout; the next attempt goes on where the row stands.
 */
const { dispatchOrder } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '5 seconds',
  retry: {
    initialInterval: '200 milliseconds',
    maximumInterval: '10 seconds',
    nonRetryableErrorTypes: nonRetryableFailureTypes,
  },
  summary: 'tick the order from 10 to 0, one a second',
});

/**
 * Dispatches a paid order, unless it is cancelled before it is out. Cancelling is a transition of the row, and so is each
 * tick: whichever comes first wins, and the ticking ends by itself. A cancellation request from the Web UI stops nothing,
 * because it could not tell the shopper; `cancelUpdate` can.
 */
export async function dispatch({ orderId, publicUrl }: DispatchInput): Promise<void> {
  const found = { orderId, publicUrl };
  setHandler(cancelUpdate, () => CancellationScope.nonCancellable(() => cancelPaidOrder({ orderId })));

  await CancellationScope.nonCancellable(async () => {
    tell(`Order ${orderId} is paid and being dispatched; the pending activity shows the ticks left.`, found);
    const order = await dispatchOrder({ orderId });
    await condition(allHandlersFinished);
    tell(`Order ${orderId} is ${order.status}.`, found);
    showStanding({ orderId, ...order });
    if (order.status === 'CANCELLED' && order.paymentId !== null) {
      await startRefund({ ...found, paymentId: order.paymentId, claimed: true });
    }
    // Once more, for those who cancelled while the refund was being started: the end of a run fails their Updates.
    await condition(allHandlersFinished);
  });
}

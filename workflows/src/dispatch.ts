import { allHandlersFinished, CancellationScope, condition, proxyActivities, setHandler } from '@temporalio/workflow';
import { type Activities, nonRetryableFailureTypes, ownRefundId } from '@widget-store/contract';
import { startRefund } from './children';
import { cancelPaidOrder } from './databaseSteps';
import { cancelUpdate, type DispatchInput } from './messages';
import { setDetails, upsertOrderStatus } from './visibility';

/**
 * One activity makes all ticks of a dispatch, because a timer and an activity for each tick would cost twice as much. If its worker
 * dies, the heartbeat timeout starts the next attempt, which continues from the progress in the order's row.
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
 * Dispatches a paid order, unless it is cancelled first. Each tick changes the order's row, and so does a cancellation.
 * The change that commits first wins, and a cancelled order has no more ticks. A cancellation request from the Web UI
 * has no effect, because it would cancel the run but not the order. Use `cancelUpdate` instead.
 */
export function dispatch(input: DispatchInput): Promise<void> {
  const { orderId, publicUrl } = input;
  setHandler(cancelUpdate, () => CancellationScope.nonCancellable(() => cancelPaidOrder({ orderId })));

  return CancellationScope.nonCancellable(async () => {
    setDetails(`Order ${orderId} is being dispatched. The pending activity shows the ticks left.`, input);
    const order = await dispatchOrder({ orderId });
    await condition(allHandlersFinished);

    setDetails(`Order ${orderId} is ${order.status}.`, input);
    upsertOrderStatus({ orderId, ...order });
    if (order.status === 'CANCELLED') {
      await startRefund({ orderId, refundId: ownRefundId(orderId), publicUrl });
      // An Update that arrived meanwhile would fail if the run ended now.
      await condition(allHandlersFinished);
    }
  });
}

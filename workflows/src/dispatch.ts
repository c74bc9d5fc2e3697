import { allHandlersFinished, CancellationScope, condition, proxyActivities, setHandler } from '@temporalio/workflow';
import { type Activities, nonRetryableFailureTypes, type OrderState, ownRefundId } from '@widget-store/contract';
import { startRefund } from './children';
import { cancelPaidOrder } from './databaseSteps';
import { cancelUpdate, type DispatchInput } from './messages';
import { setDetails, upsertOrderStatus } from './visibility';

/**
 * One activity makes all ticks of a dispatch and adds no event for a tick. A timer and an activity for each tick would
 * add about ten events for each tick. If the worker of the activity dies, the heartbeat timeout starts the next
 * attempt, which continues from the progress in the order's row.
 */
const { dispatchOrder } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '5 seconds',
  retry: {
    initialInterval: '200 milliseconds',
    maximumInterval: '10 seconds',
    nonRetryableErrorTypes: nonRetryableFailureTypes,
  },
  summary: 'tick the order from 10 to 0, or make it ready to ship',
});

/**
 * Dispatches a paid order, unless it is cancelled first. A manual order is not dispatched here: it becomes ready to
 * ship. While the order waits for an operator, it has no open run. A waiting run could stay open for days, and workers
 * would have to be able to replay it for that long. The last tick and a cancellation change the same row. The change
 * that commits first wins, and a cancelled order has no more ticks. A cancellation request from the Web UI has no
 * effect, because it would cancel the run but not the order. Use `cancelUpdate` instead.
 */
export function dispatch(input: DispatchInput): Promise<void> {
  const { orderId, publicUrl } = input;
  let afterCancellation: OrderState | undefined;
  setHandler(cancelUpdate, () =>
    CancellationScope.nonCancellable(async () => {
      const order = await cancelPaidOrder({ orderId });
      // If only an operator can cancel the order, it stays PAID. This result must not replace the result of an Update
      // that has cancelled the order.
      if (order.status !== 'PAID') afterCancellation = order;
      return order;
    }),
  );

  return CancellationScope.nonCancellable(async () => {
    setDetails(
      `Order ${orderId} is being dispatched, or made ready to ship. A pending dispatchOrder shows the ticks left.`,
      input,
    );
    const dispatched = await dispatchOrder({ orderId });
    await condition(allHandlersFinished);
    // A manual order can be cancelled after the activity has returned it as PAID.
    const order = dispatched.status === 'PAID' ? (afterCancellation ?? dispatched) : dispatched;

    const state = order.status === 'PAID' ? 'ready to ship. It waits for an operator' : order.status;
    setDetails(`Order ${orderId} is ${state}.`, input);
    upsertOrderStatus({ orderId, ...order });
    if (order.status === 'CANCELLED') {
      await startRefund({ orderId, refundId: ownRefundId(orderId), publicUrl });
      // An Update that arrived during the start of the refund would fail if the run ended now.
      await condition(allHandlersFinished);
    }
  });
}

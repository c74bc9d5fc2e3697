import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import { type Activities, nonRetryableFailureTypes, type OrderRef } from './contract';

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

/** Dispatches a paid order. Money was taken, so a cancellation request does not stop it. */
export async function dispatch(order: OrderRef): Promise<void> {
  await CancellationScope.nonCancellable(() => dispatchOrder(order));
}

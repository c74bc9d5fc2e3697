import { ActivityFailure, ApplicationFailure, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { type Activities, nonRetryableFailureTypes } from '@widget-store/contract';

const startToCloseTimeout = '10 seconds';
const retry = { initialInterval: '100 milliseconds', nonRetryableErrorTypes: nonRetryableFailureTypes } as const;

const localStep = (summary: string) =>
  proxyLocalActivities<Activities>({ startToCloseTimeout, summary, retry: { ...retry, maximumAttempts: 4 } });

const ordinaryStep = (summary: string) =>
  proxyActivities<Activities>({ startToCloseTimeout, summary, retry: { ...retry, maximumInterval: '5 seconds' } });

const placing = 'create the order and reserve its stock';
const paying = 'mark the order paid';
const cancelling = 'cancel the order and release its stock';
const cancellingPaid = 'cancel the paid order, release its stock and note its refund';
const beginning = 'note that the refund is due';
const recording = 'note what was given back';

/*
 * The short database steps, each one transaction. Where nothing can reach the run meanwhile they are local activities:
 * beside the workflow task that needs them they cost no task and no round trip of their own.
 */
export const placeOrder = outlastingOutages(localStep(placing).placeOrder, ordinaryStep(placing).placeOrder);
export const beginRefund = outlastingOutages(localStep(beginning).beginRefund, ordinaryStep(beginning).beginRefund);
export const recordRefund = outlastingOutages(localStep(recording).recordRefund, ordinaryStep(recording).recordRefund);

/*
 * These are ordinary ones, because a payment, a cancellation and a Query can come while they run. A Query that is answered
 * at the moment when a local activity ends lets the SDK (1.24) record the end before the workflow has seen it; a signal or
 * an Update then comes before it in life and after it in replay, and the run is broken.
 */
export const { markOrderPaid } = ordinaryStep(paying);
export const { cancelOrder } = ordinaryStep(cancelling);
export const { cancelPaidOrder } = ordinaryStep(cancellingPaid);

/**
 * Retries of a local activity are events of the history, and hours of them would fill it. After a few attempts the step
 * goes on as an ordinary activity, whose retries the server counts without an event.
 */
function outlastingOutages<Input, Output>(
  local: (input: Input) => Promise<Output>,
  ordinary: (input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    try {
      return await local(input);
    } catch (error) {
      if (isForGood(error)) throw error;
      return ordinary(input);
    }
  };
}

/** A local activity's failure comes as it was thrown, or wrapped like that of an ordinary one. */
function isForGood(error: unknown): boolean {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  return failure instanceof ApplicationFailure && failure.nonRetryable === true;
}

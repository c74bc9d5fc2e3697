import {
  ActivityFailure,
  type ActivityInterfaceFor,
  ApplicationFailure,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import {
  type Activities,
  type FailureType,
  type NewTotal,
  failureTypes,
  nonRetryableFailureTypes,
  type PlacedOrder,
  type PlaceOrderInput,
  type RefusedCheckout,
  refusalTypes,
} from '@widget-store/contract';

const startToCloseTimeout = '10 seconds';
const retry = { initialInterval: '100 milliseconds', nonRetryableErrorTypes: nonRetryableFailureTypes } as const;

/**
 * A local activity does not retry `ProductBusy`. Another session can keep the product's row locked for hours, so the
 * few local retries would probably fail too. Meanwhile, they would occupy the workflow task.
 */
const notRetriedLocally = [...nonRetryableFailureTypes, failureTypes.productBusy];

const localActivity = (summary: string) =>
  proxyLocalActivities<Activities>({
    startToCloseTimeout,
    summary,
    retry: { ...retry, maximumAttempts: 4, nonRetryableErrorTypes: notRetriedLocally },
  });

const activity = (summary: string) =>
  proxyActivities<Activities>({ startToCloseTimeout, summary, retry: { ...retry, maximumInterval: '5 seconds' } });

/*
 * The short database steps. They are local activities, which need no additional workflow task and no additional round
 * trip. A step must not be a local activity if a Query can arrive while the step runs. The reason is a bug of the SDK,
 * which the next comment describes.
 */
const place = withActivityFallback((proxy) => proxy('create the order and reserve its stock').placeOrder);
export const beginRefund = withActivityFallback((proxy) => proxy('reserve the refund').beginRefund);
export const recordRefund = withActivityFallback((proxy) => proxy('record what the gateway refunded').recordRefund);

/**
 * The kind of the steps below. A payment, a cancellation or a Query can arrive while they run. They would be cheaper as
 * local activities, but SDK 1.24 has a bug: if the SDK answers a Query at the moment when a local activity ends, the SDK
 * records this end before the workflow has seen it. If a signal or an Update arrives next, the live run handles it
 * before that end, but a replay handles it after that end, and fails. To find out whether a newer SDK still has the bug,
 * run `LOCAL_SETTLING=true npx jest queryRaces`. If it passes three times, make the steps local with
 * `withActivityFallback`. They then save a workflow task and six events per checkout.
 */
const settlingActivity = activity;
export const { markOrderPaid } = settlingActivity('mark the order paid');
export const { cancelOrder } = settlingActivity('cancel the order and release its stock');
export const { cancelPaidOrder } = settlingActivity('cancel the paid order, release its stock and reserve its refund');

/**
 * Places the order of an idempotency key. If the cart cannot be bought, returns the reason instead of throwing, so that
 * the run completes. If the run failed, every retry of the client would start another run.
 */
export async function placeOrder(
  input: PlaceOrderInput,
  onDelay: (reason: FailureType) => void,
): Promise<PlacedOrder | RefusedCheckout> {
  try {
    return await place(input, onDelay);
  } catch (error) {
    const { type, details } = applicationFailureOf(error) ?? {};
    const refusal = refusalTypes.find((refused) => refused === type);
    if (refusal === undefined) throw error;
    return { refusal, fingerprint: input.fingerprint, ...newTotalIn(details) };
  }
}

/** Finds the total in the details of `TotalChanged`. */
function newTotalIn(details: unknown[] | null | undefined): Partial<NewTotal> {
  const [detail] = details ?? [];
  const isTotal = typeof detail === 'object' && detail !== null && 'totalMinor' in detail;
  return isTotal && typeof detail.totalMinor === 'number' ? { totalMinor: detail.totalMinor } : {};
}

/**
 * Creates a function that runs a step as a local activity and, if the local attempts fail with a retryable error, as an
 * ordinary activity. While a local activity is retried, its run's history grows, and an outage of hours would fill the
 * history. The retries of an ordinary activity add no events. Before the ordinary activity starts, the created function
 * calls `onDelay` with the type of the last local failure.
 */
function withActivityFallback<Input, Output>(
  choose: (proxy: (summary: string) => ActivityInterfaceFor<Activities>) => (input: Input) => Promise<Output>,
): (input: Input, onDelay?: (reason: FailureType) => void) => Promise<Output> {
  const [local, ordinary] = [choose(localActivity), choose(activity)];
  return async (input, onDelay) => {
    try {
      return await local(input);
    } catch (error) {
      const failure = applicationFailureOf(error);
      if (failure?.nonRetryable) throw error;
      onDelay?.(typeOf(failure));
      return ordinary(input);
    }
  };
}

/** The SDK throws the failure of a local activity either directly, or wrapped in an ActivityFailure. */
function applicationFailureOf(error: unknown): ApplicationFailure | undefined {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  return failure instanceof ApplicationFailure ? failure : undefined;
}

/**
 * The type of a failure. A failure without a type of the contract, for example a timeout, is reported as
 * `DatabaseUnavailable`.
 */
function typeOf(failure: ApplicationFailure | undefined): FailureType {
  return Object.values(failureTypes).find((type) => type === failure?.type) ?? failureTypes.databaseUnavailable;
}

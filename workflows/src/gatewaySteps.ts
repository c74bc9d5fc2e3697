import {
  ActivityFailure,
  ApplicationFailure,
  log,
  proxyActivities,
  rootCause,
  TimeoutFailure,
} from '@temporalio/workflow';
import {
  type Activities,
  type CreatePaymentInput,
  failureTypes,
  type GatewayPayment,
  nonRetryableFailureTypes,
  type PaymentRef,
  paymentPageWaits,
} from '@widget-store/contract';

/*
 * The steps that call the payment gateway. They are ordinary activities, because a local activity would occupy the
 * workflow task until the gateway answers.
 */
const startToCloseTimeout = '10 seconds';
const retry = { initialInterval: '200 milliseconds', nonRetryableErrorTypes: nonRetryableFailureTypes } as const;

const { createPayment } = proxyActivities<Activities>({
  startToCloseTimeout,
  // The time is short, because a shopper is waiting.
  scheduleToCloseTimeout: '3 seconds',
  // If the worker dies during the first attempt, another worker still has time for a second attempt.
  heartbeatTimeout: '1 second',
  retry: {
    ...retry,
    maximumInterval: '1 second',
    nonRetryableErrorTypes: [...nonRetryableFailureTypes, failureTypes.gatewayRefused],
  },
  summary: 'open the payment at the gateway',
});

const { closePayment: closeExpired } = proxyActivities<Activities>({
  startToCloseTimeout,
  // If the gateway does not answer in this time, the order expires and releases its stock. A late payment is refunded.
  scheduleToCloseTimeout: '30 seconds',
  retry: { ...retry, maximumInterval: '5 seconds' },
  summary: 'close the payment at the gateway, unless it was paid',
});

const { closePayment: closeCancelled } = proxyActivities<Activities>({
  startToCloseTimeout,
  // With a longer timeout, the reconciler could report that the run is open although its order has ended.
  scheduleToCloseTimeout: '2 minutes',
  retry: { ...retry, maximumInterval: '10 seconds' },
  summary: "close the cancelled order's payment at the gateway",
});

/** Retries without end, because the money belongs to the shopper. The reconciler reports a refund that takes long. */
export const { refundPayment } = proxyActivities<Activities>({
  startToCloseTimeout,
  retry: { ...retry, maximumInterval: '1 minute' },
  summary: 'make the refund at the gateway',
});

/** Retries without end. When the gateway answers again, the reconciler too records the refunds and disputes. */
export const { syncPayment: readPayment } = proxyActivities<Activities>({
  startToCloseTimeout,
  retry: { ...retry, maximumInterval: '1 minute' },
  summary: 'read refunds and disputes at the gateway, and record them',
});

/**
 * Opens the payment at the gateway.
 *
 * @returns the address of the gateway's payment page
 * @throws ApplicationFailure `GatewayRefused` if the gateway refuses this payment; `GatewayUnavailable`,
 * `DatabaseUnavailable` or `WorkerUnavailable` if the gateway, Postgres or the workers do not answer in time
 */
export async function openPaymentPage(input: CreatePaymentInput): Promise<string> {
  try {
    return (await createPayment(input)).paymentUrl;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    throw pageFailure(error.cause);
  }
}

function pageFailure(cause: Error | undefined): ApplicationFailure {
  const { databaseRejected, databaseUnavailable, gatewayRefused, gatewayUnavailable, workerUnavailable } = failureTypes;
  switch (reasonOf(cause)) {
    case gatewayRefused:
      return ApplicationFailure.nonRetryable('The payment gateway refuses this payment.', gatewayRefused);
    case databaseRejected:
    case databaseUnavailable:
      return ApplicationFailure.nonRetryable('The database does not answer.', databaseUnavailable);
    case workerUnavailable:
      return ApplicationFailure.nonRetryable('No worker has asked the payment gateway in time.', workerUnavailable);
    default:
      return ApplicationFailure.nonRetryable('The payment gateway does not answer.', gatewayUnavailable);
  }
}

/** The type of the last attempt's failure. After a timeout, the heartbeats tell what the attempt waited for. */
function reasonOf(cause: Error | undefined): string | null | undefined {
  if (cause instanceof ApplicationFailure) return cause.type;
  if (!(cause instanceof TimeoutFailure)) return undefined;
  if (cause.lastHeartbeatDetails === undefined) return failureTypes.workerUnavailable;
  return cause.lastHeartbeatDetails === paymentPageWaits.database ? failureTypes.databaseUnavailable : undefined;
}

/**
 * Closes a payment whose window has ended.
 *
 * @returns null if the gateway does not know the payment, or does not answer
 */
export function closeExpiredPayment(payment: PaymentRef): Promise<GatewayPayment | null> {
  return nullIfAway(closeExpired, payment, 'the gateway does not answer; the order expires without its answer');
}

/**
 * Closes the payment of a cancelled order.
 *
 * @returns null if the gateway does not know the payment, or does not answer
 */
export function closeCancelledPayment(payment: PaymentRef): Promise<GatewayPayment | null> {
  return nullIfAway(closeCancelled, payment, 'the gateway does not answer; a cancelled order keeps its open payment');
}

async function nullIfAway(
  close: (payment: PaymentRef) => Promise<GatewayPayment | null>,
  payment: PaymentRef,
  warning: string,
): Promise<GatewayPayment | null> {
  try {
    return await close(payment);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.warn(warning, { ...payment, reason: rootCause(error) });
    return null;
  }
}

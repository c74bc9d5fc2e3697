import { ActivityFailure, ApplicationFailure, log, proxyActivities } from '@temporalio/workflow';
import {
  type Activities,
  type CreatePaymentInput,
  failureTypes,
  type GatewayPayment,
  nonRetryableFailureTypes,
  type PaymentRef,
} from './contract';

/*
 * The steps that talk to the payment gateway: ordinary activities, because a local one would hold the workflow task for as
 * long as somebody else's server takes.
 */
const startToCloseTimeout = '10 seconds';
const retry = { initialInterval: '200 milliseconds', nonRetryableErrorTypes: nonRetryableFailureTypes } as const;

const { createPayment } = proxyActivities<Activities>({
  startToCloseTimeout,
  // A shopper waits for it.
  scheduleToCloseTimeout: '3 seconds',
  retry: { ...retry, maximumInterval: '1 second' },
  summary: 'open the payment at the gateway',
});

const { getPayment } = proxyActivities<Activities>({
  startToCloseTimeout,
  scheduleToCloseTimeout: '30 seconds',
  retry: { ...retry, maximumInterval: '5 seconds' },
  summary: 'ask the gateway whether the payment was made after all',
});

/** Never gives up: it is somebody's money. The reconciler reports a refund that takes long. */
export const { refundPayment } = proxyActivities<Activities>({
  startToCloseTimeout,
  retry: { ...retry, maximumInterval: '1 minute' },
  summary: 'give back what the gateway keeps of the payment',
});

/**
 * The address of the gateway's payment page.
 *
 * @throws ApplicationFailure `GatewayUnavailable` when the gateway does not answer in time
 */
export async function openPaymentPage(input: CreatePaymentInput): Promise<string> {
  try {
    return (await createPayment(input)).paymentUrl;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    throw ApplicationFailure.create({
      type: failureTypes.gatewayUnavailable,
      message: 'The payment gateway does not answer.',
      nonRetryable: true,
    });
  }
}

/**
 * What the gateway knows of a payment; null when it knows nothing, or does not answer within half a minute: stock is not held
 * for ever for a gateway that is away. Money that it took all the same is given back later.
 */
export async function askGateway(payment: PaymentRef): Promise<GatewayPayment | null> {
  try {
    return await getPayment(payment);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.warn('the gateway does not answer; the order expires without its word', { paymentId: payment.paymentId });
    return null;
  }
}

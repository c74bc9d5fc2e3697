import { ActivityFailure, ApplicationFailure, log, proxyActivities } from '@temporalio/workflow';
import {
  type Activities,
  type CreatePaymentInput,
  failureTypes,
  type GatewayPayment,
  nonRetryableFailureTypes,
  type PaymentRef,
} from '@widget-store/contract';

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

const { closePayment: closeBeforeExpiry } = proxyActivities<Activities>({
  startToCloseTimeout,
  scheduleToCloseTimeout: '30 seconds',
  retry: { ...retry, maximumInterval: '5 seconds' },
  summary: 'end the payment at the gateway, unless it was made after all',
});

const { closePayment: closeOfCancelled } = proxyActivities<Activities>({
  startToCloseTimeout,
  // Shorter than a run may stay open after its order is over before the reconciler wonders.
  scheduleToCloseTimeout: '2 minutes',
  retry: { ...retry, maximumInterval: '10 seconds' },
  summary: 'end the payment of the cancelled order at the gateway',
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
 * What the gateway knows of a payment, which from then on cannot be made any more where the gateway can see to that; null when it
 * knows nothing, or does not answer within half a minute: stock is not held for ever for a gateway that is away. Money that it
 * took all the same is given back later.
 */
export function askGateway(payment: PaymentRef): Promise<GatewayPayment | null> {
  return unlessAway(payment, 'the gateway does not answer; the order expires without its word', closeBeforeExpiry);
}

/**
 * Ends the payment of an order that was cancelled while somebody may be on the gateway's page. A gateway that is away for
 * minutes is let be: what is paid there all the same is given back.
 */
export function closePayment(payment: PaymentRef): Promise<GatewayPayment | null> {
  return unlessAway(
    payment,
    'the gateway does not answer; the payment of a cancelled order stays open',
    closeOfCancelled,
  );
}

async function unlessAway(
  payment: PaymentRef,
  warning: string,
  ask: (payment: PaymentRef) => Promise<GatewayPayment | null>,
): Promise<GatewayPayment | null> {
  try {
    return await ask(payment);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.warn(warning, { paymentId: payment.paymentId });
    return null;
  }
}

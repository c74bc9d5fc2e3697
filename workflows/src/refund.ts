import { CancellationScope } from '@temporalio/workflow';
import type { GivenBack } from '@widget-store/contract';
import { beginRefund, recordRefund } from './databaseSteps';
import { refundPayment } from './gatewaySteps';
import type { RefundInput } from './messages';
import { showStanding, tell } from './standing';

/**
 * Gives back the money of an order that was cancelled: paid too late, or cancelled after it was paid. The gateway is
 * asked what it keeps, so that a refund which was made already, by whomever, is not made again.
 *
 * @returns null when the order is not cancelled: its money is the store's
 */
export async function refund(input: RefundInput): Promise<GivenBack | null> {
  const { orderId, paymentId, claimed, eventId } = input;
  return CancellationScope.nonCancellable(async () => {
    const { status } = await beginRefund({ orderId, claimed, paymentEventId: eventId });
    if (status !== 'CANCELLED') {
      tell(`Nothing is given back: order ${orderId} is ${status}, so its money is the store's.`, input);
      return null;
    }

    tell(`Giving back what the gateway keeps of payment ${paymentId}.`, input);
    const givenBack = await refundPayment({ paymentId });
    if (claimed || givenBack.refundedMinor > 0) {
      showStanding({ orderId, ...(await recordRefund({ orderId, claimed, ...givenBack })) });
    }
    tell(`Refunded ${givenBack.refundedMinor} minor units of payment ${paymentId}.`, input);
    return givenBack;
  });
}

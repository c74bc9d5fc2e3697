import { CancellationScope } from '@temporalio/workflow';
import type { RefundResult } from '@widget-store/contract';
import { beginRefund, recordRefund } from './databaseSteps';
import { refundPayment } from './gatewaySteps';
import type { RefundInput } from './messages';
import { setDetails, upsertOrderStatus } from './visibility';

/**
 * Refunds the payment of a cancelled order: it was paid too late, or the order was cancelled after it was paid. The gateway is
 * asked what it still keeps, so a refund that was already made, by this store or in the gateway's dashboard, is not repeated.
 *
 * @returns null if the order is not cancelled: then nothing is refunded
 */
export function refund(input: RefundInput): Promise<RefundResult | null> {
  const { orderId, paymentId, reportedPaid, eventId } = input;

  return CancellationScope.nonCancellable(async () => {
    const { status } = await beginRefund({ orderId, reportedPaid, paymentEventId: eventId });
    if (status !== 'CANCELLED') {
      setDetails(`Nothing is refunded, because order ${orderId} is ${status}.`, input);
      return null;
    }

    setDetails(`Refunding what the gateway keeps of payment ${paymentId}.`, input);
    const refunded = await refundPayment({ paymentId });
    if (reportedPaid || refunded.refundedMinor > 0) {
      upsertOrderStatus({ orderId, ...(await recordRefund({ orderId, reportedPaid, ...refunded })) });
    }
    setDetails(`Refunded ${refunded.refundedMinor} minor units of payment ${paymentId}.`, input);
    return refunded;
  });
}

import { CancellationScope } from '@temporalio/workflow';
import type { RefundResult } from '@widget-store/contract';
import { beginRefund, recordRefund } from './databaseSteps';
import { refundPayment } from './gatewaySteps';
import type { RefundInput } from './messages';
import { setDetails, upsertOrderStatus } from './visibility';

/**
 * Refunds the payment of a cancelled order. Either the payment came too late, or the order was cancelled after it was paid. The run
 * asks the gateway what the gateway still keeps. It therefore repeats no refund that this store or a person has already made.
 *
 * @returns null if the order is not cancelled; nothing is then refunded
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

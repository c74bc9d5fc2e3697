import { CancellationScope, sleep } from '@temporalio/workflow';
import { decimalAmount, isToMake, type Refund } from '@widget-store/contract';
import { beginRefund, recordRefund } from './databaseSteps';
import { refundPayment } from './gatewaySteps';
import type { RefundInput } from './messages';
import { setDetails, upsertOrderStatus } from './visibility';

const longestPauseMs = 3_600_000;

/**
 * Makes one refund at the gateway. The amount is usually reserved when the refund is requested. Nobody requests the
 * refund of a late payment, so this run reserves its amount. If the gateway accepts the refund but completes it later,
 * this run does not wait for the result.
 *
 * @returns null if nothing is to be refunded
 */
export function refund(input: RefundInput): Promise<Refund | null> {
  const { orderId, refundId, latePayment } = input;

  return CancellationScope.nonCancellable(async () => {
    let current = await beginRefund({ orderId, refundId, latePayment });
    if (current === null) {
      setDetails(`Nothing is refunded of order ${orderId}.`, input);
      return null;
    }

    for (let attempt = 0; isToMake(current); attempt += 1) {
      // If somebody has refunded a part at the gateway, an attempt can reduce the amount, and another attempt is
      // needed. If the gateway's sums contradict each other, every attempt can make another attempt necessary. The
      // pauses therefore grow.
      if (attempt > 0) await sleep(Math.min(1000 * 2 ** (attempt - 1), longestPauseMs));
      current = await makeRefund(current, input);
    }
    setDetails(`The refund of ${amountOf(current)} ${ends[current.status]}.`, input);
    return current;
  });
}

async function makeRefund(current: Refund, input: RefundInput): Promise<Refund> {
  const { orderId, refundId, paymentId } = current;
  setDetails(`Refunding ${amountOf(current)} of payment ${paymentId}.`, input);
  const payment = await refundPayment(current);
  const recorded = await recordRefund({ orderId, refundId, payment });
  upsertOrderStatus({ orderId, ...recorded.order });
  return recorded.refund;
}

function amountOf({ amountMinor, currency }: Refund): string {
  return `${decimalAmount({ minor: amountMinor, currency })} ${currency}`;
}

const ends = { pending: 'is accepted by the gateway', succeeded: 'is made', failed: 'has failed' } as const;

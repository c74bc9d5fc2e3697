import type { Evidence } from '../evidence';
import type { Operation } from '../../support/clients/history';
import { type Anomaly, breaking, groupedBy } from './anomaly';

/** For each order status that a read shows, the order statuses that a later read may show. */
const statusesAfter: Record<string, string[]> = {
  PENDING: ['PENDING', 'PAID', 'DISPATCHED', 'CANCELLED'],
  PAID: ['PAID', 'DISPATCHED', 'CANCELLED'],
  DISPATCHED: ['DISPATCHED'],
  CANCELLED: ['CANCELLED'],
};
const paymentStatusesAfter: Record<string, string[]> = {
  none: ['none'],
  pending: ['pending', 'paid', 'failed', 'expired', 'cancelled', 'refunding', 'partially_refunded', 'refunded'],
  paid: ['paid', 'refunding', 'partially_refunded', 'refunded'],
  failed: ['failed', 'refunding', 'partially_refunded', 'refunded'],
  expired: ['expired', 'refunding', 'partially_refunded', 'refunded'],
  cancelled: ['cancelled', 'refunding', 'partially_refunded', 'refunded'],
  refunding: ['refunding', 'partially_refunded', 'refunded'],
  partially_refunded: ['refunding', 'partially_refunded', 'refunded'],
  refunded: ['refunded'],
};

/**
 * I6: a read that starts after the end of another read sees the same state or a later one. The two reads can come from
 * different clients and go through different apis.
 */
export function judgeReaders({ operations, database }: Pick<Evidence, 'operations' | 'database'>): Anomaly[] {
  // After a failed refund, the store keeps the money again, so the payment status may go back to `paid`. Therefore, if
  // an order has a failed refund, this check does not distinguish `paid` from the statuses that show a refund.
  const failed = database.orders.filter(({ refunds }) => refunds.some(({ status }) => status === 'failed'));
  const hasFailedRefund = new Set(failed.map(({ orderId }) => orderId));
  const reads = operations
    .filter(({ f, outcome }) => f === 'read_order' && outcome === 'ok')
    .map((read) => (hasFailedRefund.has(read.response.orderId ?? '') ? withoutRefunds(read) : read));
  const byOrder = groupedBy(reads, ({ response }) => response.orderId);
  return breaking('I6', [...byOrder.values()].flatMap(backwards));
}

function withoutRefunds(read: Operation): Operation {
  const { paymentStatus = '' } = read.response;
  const isCaptured = ['paid', 'refunding', 'partially_refunded', 'refunded'].includes(paymentStatus);
  return isCaptured ? { ...read, response: { ...read.response, paymentStatus: 'refunding' } } : read;
}

function backwards(reads: Operation[]): string[] {
  const byEnd = reads.toSorted((one, other) => one.endMs - other.endMs);
  return reads.flatMap((later) =>
    byEnd
      .filter((earlier) => earlier.endMs < later.startMs && !canFollow(earlier, later))
      .slice(0, 1)
      .map((earlier) => {
        const [before, after] = [seenBy(earlier), seenBy(later)];
        return `${later.response.orderId} was ${before} in operation ${earlier.id}, then ${after} in ${later.id}`;
      }),
  );
}

function canFollow({ response: earlier }: Operation, { response: later }: Operation): boolean {
  const { orderStatus = '', paymentStatus = '', progress = 0 } = earlier;
  return (
    (statusesAfter[orderStatus]?.includes(later.orderStatus ?? '') ?? false) &&
    (paymentStatusesAfter[paymentStatus]?.includes(later.paymentStatus ?? '') ?? false) &&
    (later.progress ?? 0) <= progress
  );
}

function seenBy({ response: { orderStatus, paymentStatus, progress } }: Operation): string {
  return `${orderStatus}/${paymentStatus}/${progress}`;
}

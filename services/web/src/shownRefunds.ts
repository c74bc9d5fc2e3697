import type { OrderBody } from '@widget-store/api';

type Refund = OrderBody['refunds'][number];

interface RefundedOrder<One extends Refund> {
  captured_minor: number;
  refunded_minor: number;
  refunds: One[];
}

/**
 * The failed refunds that no other refund has replaced: the refunds that were requested after the failure do not cover
 * the amount, and something is left to refund.
 */
export function unreplacedFailures<One extends Refund>(order: RefundedOrder<One>): One[] {
  const { captured_minor: captured, refunded_minor: refunded, refunds } = order;
  if (captured === refunded) return [];
  return refunds.filter((failed) => {
    const later = refunds.filter((one) => one.status !== 'failed' && one.created_at >= failed.updated_at);
    return failed.status === 'failed' && later.reduce((sum, one) => sum + one.amount_minor, 0) < failed.amount_minor;
  });
}

/** The refunds that a shopper sees. A failed refund is shown only while no later refund has replaced it. */
export function shownRefunds(order: OrderBody): Refund[] {
  const failures = unreplacedFailures(order);
  return order.refunds.filter((refund) => refund.status !== 'failed' || failures.includes(refund));
}

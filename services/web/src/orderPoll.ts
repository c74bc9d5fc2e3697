import type { OrderBody } from '@widget-store/api';

const soonMs = 500;
const slowlyMs = 2_000;
const soonLooks = 40;

type Standing = Pick<OrderBody, 'status' | 'payment_status'>;

interface OrderLooks {
  /** The latest answer; undefined before the first. */
  order: Standing | undefined;
  /** The number of answers so far. */
  looks: number;
}

/** Whether the order can still change. A cancelled order can: a late payment for it is refunded. */
export function changesStill(order: Standing | undefined): boolean {
  return !(order?.status === 'DISPATCHED' || order?.payment_status === 'refunded' || order?.payment_status === 'none');
}

/**
 * How long a page waits before it polls an order again: half a second during the dispatch and for the first 40 polls, then two
 * seconds.
 *
 * @returns milliseconds, or false when the order no longer changes
 */
export function orderPollMs({ order, looks }: OrderLooks): number | false {
  if (!changesStill(order)) return false;
  return order?.status === 'PAID' || looks < soonLooks ? soonMs : slowlyMs;
}

import type { OrderBody } from '@widget-store/api';

const soonMs = 500;
const slowlyMs = 2_000;
const soonLooks = 40;

type Standing = Pick<OrderBody, 'status' | 'payment_status'>;

interface OrderLooks {
  /** As last seen; undefined before the first answer. */
  order: Standing | undefined;
  /** How often it has been seen. */
  looks: number;
}

/**
 * Whether anything can still change the order. A cancelled order is watched too, because money that still comes for it is
 * given back.
 */
export function changesStill(order: Standing | undefined): boolean {
  return !(order?.status === 'DISPATCHED' || order?.payment_status === 'refunded' || order?.payment_status === 'none');
}

/**
 * How long a page waits before it looks at an order again: half a second while the dispatch ticks or the shopper has just
 * come, later two.
 *
 * @returns milliseconds, or false when nothing changes the order any more
 */
export function orderPollMs({ order, looks }: OrderLooks): number | false {
  if (!changesStill(order)) return false;
  return order?.status === 'PAID' || looks < soonLooks ? soonMs : slowlyMs;
}

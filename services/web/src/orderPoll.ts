import type { OrderBody } from '@widget-store/workflows/contract';

const soonMs = 500;
const slowlyMs = 2_000;
const soonLooks = 40;

interface OrderLooks {
  /** As last seen; undefined before the first answer. */
  order: Pick<OrderBody, 'status' | 'payment_status'> | undefined;
  /** How often it has been seen. */
  looks: number;
}

/**
 * How long a page waits before it looks at an order again: half a second while the dispatch ticks or the shopper has just
 * come, later two. A cancelled order is watched too, because money that still comes for it is given back.
 *
 * @returns milliseconds, or false when nothing changes the order any more
 */
export function orderPollMs({ order, looks }: OrderLooks): number | false {
  if (order?.status === 'DISPATCHED') return false;
  if (order?.payment_status === 'refunded' || order?.payment_status === 'none') return false;
  return order?.status === 'PAID' || looks < soonLooks ? soonMs : slowlyMs;
}

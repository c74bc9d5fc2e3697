import type { OrderBody } from '@widget-store/api';

const fastPollMs = 500;
const slowPollMs = 2_000;
const fastPolls = 40;

type OrderState = Pick<OrderBody, 'status' | 'payment_status' | 'fulfilment'>;

interface PollState {
  /** The latest answer; undefined before the first answer. */
  order: OrderState | undefined;
  /** The number of answers so far. */
  polls: number;
}

/**
 * Whether the page expects changes of the order. An order to ship changes when an operator ships it. Even a cancelled
 * order can change: if a payment arrives late, the store refunds it. The page does not expect that an operator refunds
 * a dispatched order later.
 */
export function canChange(order: OrderState | undefined): boolean {
  switch (order?.status) {
    case 'DISPATCHED':
      return order.payment_status === 'refunding';
    case 'CANCELLED':
      return order.payment_status !== 'refunded' && order.payment_status !== 'none';
    default:
      return true;
  }
}

/**
 * The time until the next poll of an order. It is half a second for the first 40 polls, and while a paid order with
 * demo fulfilment counts down to its dispatch. At all other times, it is two seconds.
 *
 * @returns milliseconds, or false if the page expects no changes of the order
 */
export function orderPollMs({ order, polls }: PollState): number | false {
  if (!canChange(order)) return false;
  const isTicking = order?.status === 'PAID' && order.fulfilment === 'demo';
  return isTicking || polls < fastPolls ? fastPollMs : slowPollMs;
}

import { orderPollMs } from './orderPoll.js';

test.each([
  ['DISPATCHED', 'paid', false, false],
  ['DISPATCHED', 'partially_refunded', false, false],
  ['DISPATCHED', 'refunding', 500, 2_000],
  ['PAID', 'refunded', 500, 500],
  ['CANCELLED', 'refunded', false, false],
  ['CANCELLED', 'none', false, false],
  ['PAID', 'paid', 500, 500],
  ['PENDING', 'pending', 500, 2_000],
  ['CANCELLED', 'refunding', 500, 2_000],
  ['CANCELLED', 'expired', 500, 2_000],
] as const)(
  'an order that is %s and %s is polled after %s ms at first and %s ms later',
  (status, payment, first, later) => {
    const order = { status, payment_status: payment };
    expect(orderPollMs({ order, polls: 1 })).toBe(first);
    expect(orderPollMs({ order, polls: 1_000 })).toBe(later);
  },
);

test('an order is polled before its first answer', () => {
  expect(orderPollMs({ order: undefined, polls: 0 })).toBe(500);
});

import { orderPollMs } from './orderPoll.js';

test.each([
  ['DISPATCHED', 'paid', 'demo', false, false],
  ['DISPATCHED', 'partially_refunded', 'demo', false, false],
  ['DISPATCHED', 'refunding', 'demo', 500, 2_000],
  ['PAID', 'refunded', 'demo', 500, 500],
  ['PAID', 'paid', 'manual', 500, 2_000],
  ['CANCELLED', 'refunded', 'demo', false, false],
  ['CANCELLED', 'none', 'demo', false, false],
  ['PAID', 'paid', 'demo', 500, 500],
  ['PENDING', 'pending', 'demo', 500, 2_000],
  ['CANCELLED', 'refunding', 'demo', 500, 2_000],
  ['CANCELLED', 'expired', 'demo', 500, 2_000],
] as const)(
  'the poll interval of an order that is %s and %s with %s fulfilment is %s ms at first and %s ms later',
  (status, payment, fulfilment, first, later) => {
    const order = { status, payment_status: payment, fulfilment };
    expect(orderPollMs({ order, polls: 1 })).toBe(first);
    expect(orderPollMs({ order, polls: 1_000 })).toBe(later);
  },
);

test('an order is polled before its first answer', () => {
  expect(orderPollMs({ order: undefined, polls: 0 })).toBe(500);
});

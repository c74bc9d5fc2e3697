import { orderHeading, type OrderView, orderTexts, paymentText } from './orderTexts.js';

const pending = {
  status: 'PENDING',
  payment_status: 'pending',
  cancel_reason: null,
  expires_at: '2030-01-01T00:15:00Z',
  captured_minor: 9999,
  refunded_minor: 0,
  disputed_minor: 0,
  lost_minor: 0,
  currency: 'USD',
  fulfilment: 'demo',
  carrier: null,
  items: [{ quantity: 1, returned: 0 }],
} as const;

interface StateOptions extends Partial<OrderView['order']> {
  returned?: boolean;
}

const orderOf = (state: StateOptions) => ({ ...pending, refunds: [], paid_another_way: [], ...state });

function textOf({ returned = false, ...state }: StateOptions): string {
  const { name, sentences } = orderTexts({ order: orderOf(state), returned, nowMs: 0 });
  return [name, ...sentences].join(' ');
}

const refundOf = (amountMinor: number, status: 'pending' | 'succeeded' | 'failed' = 'succeeded') => ({
  refund_id: `ref_${amountMinor}`,
  amount: '',
  amount_minor: amountMinor,
  status,
  created_at: '2030-01-01T00:00:00Z',
  updated_at: '2030-01-02T00:00:00Z',
});

test('a shopper who returns from the gateway is neither told that the order is paid nor asked to pay again', () => {
  expect(textOf({})).toMatch(/Awaiting payment.*We ship it after you pay/);
  expect(textOf({ returned: true })).toMatch(/Confirming payment.*We are confirming your payment/);
  expect(textOf({ returned: true })).not.toMatch(/paid|after you pay/);
});

test('the return from the gateway is ignored after the outcome is known', () => {
  expect(textOf({ status: 'PAID', payment_status: 'paid', returned: true })).toMatch(/^Paid/);
  const declined = { status: 'CANCELLED', payment_status: 'failed', cancel_reason: 'payment_failed' } as const;
  expect(textOf({ ...declined, returned: true })).toMatch(/the payment did not go through.*You were not charged\.$/);
});

test('the text of a cancelled order says what happens to the payment', () => {
  const cancelled = { status: 'CANCELLED', cancel_reason: 'cancelled' } as const;
  expect(textOf({ ...cancelled, payment_status: 'cancelled' })).toMatch(
    /before it was shipped.*We have received no payment\. If a payment still arrives, we refund it/,
  );
  const refunding: StateOptions = { ...cancelled, payment_status: 'refunding', refunds: [refundOf(9999, 'pending')] };
  expect(textOf(refunding)).toMatch(/Your refund of \$99\.99 is on its way/);
  expect(textOf({ ...cancelled, payment_status: 'refunded', refunds: [refundOf(9999)] })).toMatch(
    /\$99\.99 was refunded on .*2030/,
  );
  expect(textOf({ ...cancelled, payment_status: 'refunded' })).toMatch(/You were not charged/);
  expect(textOf(refunding)).not.toMatch(/arrived later/);
});

test('the text of an expired order says what happens to a payment that arrives late', () => {
  const expired = { status: 'CANCELLED', cancel_reason: 'payment_expired' } as const;
  expect(textOf({ ...expired, payment_status: 'expired' })).toMatch(
    /no payment arrived in time\. Its items are back in stock\. If a payment still arrives, we refund it/,
  );
  expect(textOf({ ...expired, payment_status: 'refunded', refunds: [refundOf(9999)] })).toMatch(
    /in time.*Your payment arrived later.*\$99\.99 was refunded/,
  );
});

test('a manual order says that it is being packed, and names its carrier when it is shipped', () => {
  const paid = { status: 'PAID', payment_status: 'paid', fulfilment: 'manual' } as const;
  expect(textOf(paid)).toBe('Paid We are packing your order. This page changes when it is on its way.');
  expect(textOf({ ...paid, payment_status: 'refunding', refunds: [refundOf(500, 'pending')] })).toMatch(
    /We are packing.*Your refund of \$5\.00 is on its way/,
  );
  const returned = { ...paid, payment_status: 'partially_refunded', items: [{ quantity: 1, returned: 1 }] } as const;
  expect(textOf(returned)).toBe('Paid Nothing of this order is left to ship.');
  expect(textOf({ ...paid, payment_status: 'refunded', refunds: [refundOf(9999)] })).toMatch(/Nothing .* left to ship/);
  const shipped = { ...paid, status: 'DISPATCHED' } as const;
  expect(textOf(shipped)).toBe('Shipped Your order is on its way.');
  expect(textOf({ ...shipped, carrier: 'DHL' })).toBe('Shipped Your order is on its way. Shipped with DHL.');
});

test('a shipped order says how much was refunded', () => {
  const dispatched = { status: 'DISPATCHED', payment_status: 'partially_refunded' } as const;
  const refunds = [refundOf(2000), refundOf(500), refundOf(7499, 'failed')];
  expect(textOf({ ...dispatched, refunds })).toMatch(/on its way\. \$25\.00 was refunded in 2 parts\./);
  const refunding = { ...dispatched, payment_status: 'refunding' } as const;
  expect(textOf({ ...refunding, refunds: [refundOf(500), refundOf(2000, 'pending')] })).toMatch(
    /\$5\.00 was refunded on .*2030.*Your refund of \$20\.00 is on its way\.$/,
  );
});

test('a failed refund is not shown as refunded money', () => {
  const dispatched = { status: 'DISPATCHED', payment_status: 'paid' } as const;
  const failed = refundOf(2000, 'failed');
  const isFailed = /Your refund of \$20\.00 failed, so you have not received this money/;
  expect(textOf({ ...dispatched, refunds: [failed] })).toMatch(isFailed);
  expect(textOf({ ...dispatched, refunds: [failed] })).not.toMatch(/refunded/);
  expect(textOf({ ...dispatched, refunds: [refundOf(2000), failed] })).toMatch(isFailed);
});

const paidOutside = (amountMinor: number) => ({
  refund_id: 'ref_1',
  amount: '',
  amount_minor: amountMinor,
  recorded_at: '2030-01-03T00:00:00Z',
});

test('a shopper who was paid another way after a failed refund reads that and when', () => {
  const cancelled = { status: 'CANCELLED', cancel_reason: 'cancelled', payment_status: 'paid' } as const;
  const settled = { ...cancelled, paid_another_way: [paidOutside(9999)] };
  expect(textOf(settled)).toMatch(/The shop has paid \$99\.99 back to you another way\. It recorded this on .*2030/);
  expect(paymentText(orderOf(settled))).toBe('Paid, $99.99 paid back another way');
  const waiting = { ...settled, status: 'PAID', fulfilment: 'manual' } as const;
  expect(textOf(waiting)).toMatch(/Nothing of this order is left to ship/);
  expect(textOf({ ...waiting, paid_another_way: [paidOutside(500)] })).toMatch(/We are packing/);
});

test('a disputed order is not called packed: the shopper reads that the bank decides, or has given the money back', () => {
  const paid = { status: 'PAID', payment_status: 'paid', fulfilment: 'manual' } as const;
  expect(textOf({ ...paid, disputed_minor: 9999 })).toMatch(/Your bank is looking into this payment/);
  const lost = { ...paid, disputed_minor: 9999, lost_minor: 9999 };
  expect(textOf(lost)).toBe('Paid We do not ship this order. Your bank has given $99.99 back to you.');
  expect(paymentText(orderOf(lost))).toBe('Paid, $99.99 given back by your bank');
  for (const state of [{ disputed_minor: 9999 }, lost]) expect(textOf({ ...paid, ...state })).not.toMatch(/packing/);
});

test.each([
  ['Waiting for your payment', { captured_minor: 0 }],
  ['Confirming your payment', { captured_minor: 0, returned: true }],
  ['Order confirmed', { status: 'PAID', payment_status: 'paid', returned: true }],
  ['Order shipped', { status: 'DISPATCHED', payment_status: 'partially_refunded' }],
  ['Order refunded', { status: 'DISPATCHED', payment_status: 'refunded' }],
  ['Order cancelled', { status: 'CANCELLED', payment_status: 'refunding' }],
  ['Order cancelled', { status: 'CANCELLED', payment_status: 'refunded', captured_minor: 0 }],
  ['Order cancelled and refunded', { status: 'CANCELLED', payment_status: 'refunded' }],
  [
    'Order cancelled and refunded',
    { status: 'CANCELLED', payment_status: 'paid', paid_another_way: [paidOutside(9999)] },
  ],
  ['Payment returned', { status: 'PAID', payment_status: 'paid', lost_minor: 9999 }],
  ['Order cancelled', { status: 'CANCELLED', payment_status: 'paid', lost_minor: 9999 }],
] as [string, StateOptions][])('the heading "%s" tells the state %j', (heading, { returned = false, ...state }) => {
  expect(orderHeading({ order: orderOf(state), returned })).toBe(heading);
});

test('a sold-out order asks for no payment', () => {
  const soldOut = { status: 'CANCELLED', payment_status: 'none', cancel_reason: 'sold_out' } as const;
  expect(textOf(soldOut)).toMatch(/There is nothing to pay\.$/);
});

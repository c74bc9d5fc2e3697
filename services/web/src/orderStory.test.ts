import type { OrderBody } from '@widget-store/api';
import { orderStory } from './orderStory.js';

const pending = {
  status: 'PENDING',
  payment_status: 'pending',
  cancel_reason: null,
  expires_at: '2030-01-01T00:15:00Z',
  refund: null,
  currency: 'USD',
} as const;

interface Told extends Partial<Pick<OrderBody, 'status' | 'payment_status' | 'cancel_reason' | 'refund'>> {
  returned?: boolean;
}

function told({ returned = false, ...state }: Told): string {
  const { name, sentences } = orderStory({ order: { ...pending, ...state }, returned, nowMs: 0 });
  return [name, ...sentences].join(' ');
}

const refundOf = (amountMinor: number) => ({
  refund_id: 're_1',
  amount: '',
  amount_minor: amountMinor,
  refunded_at: '2030-01-02T00:00:00Z',
});

test('somebody who comes back from paying is not told that it is paid, nor asked to pay again', () => {
  expect(told({})).toMatch(/Awaiting payment.*Pay, and it is dispatched/);
  expect(told({ returned: true })).toMatch(/Confirming payment.*We are confirming your payment/);
  expect(told({ returned: true })).not.toMatch(/paid|Pay,/);
});

test('the way back from the gateway says nothing once the outcome is known', () => {
  expect(told({ status: 'PAID', payment_status: 'paid', returned: true })).toMatch(/^Paid/);
  const declined = { status: 'CANCELLED', payment_status: 'failed', cancel_reason: 'payment_failed' } as const;
  expect(told({ ...declined, returned: true })).toMatch(/the payment did not go through/);
});

test('an order cancelled on request tells where its money is', () => {
  const cancelled = { status: 'CANCELLED', cancel_reason: 'cancelled' } as const;
  expect(told({ ...cancelled, payment_status: 'cancelled' })).toMatch(/on request.*If you have paid all the same/);
  expect(told({ ...cancelled, payment_status: 'refunding' })).toMatch(/Your money is on its way back/);
  expect(told({ ...cancelled, payment_status: 'refunded', refund: refundOf(9999) })).toMatch(
    /\$99\.99 was refunded on .*2030/,
  );
  expect(told({ ...cancelled, payment_status: 'refunded', refund: refundOf(0) })).toMatch(/Nothing had been charged/);
  expect(told({ ...cancelled, payment_status: 'refunding' })).not.toMatch(/all the same/);
});

test('a payment that came too late is told as such', () => {
  const expired = { status: 'CANCELLED', cancel_reason: 'payment_expired' } as const;
  expect(told({ ...expired, payment_status: 'expired' })).toMatch(/no payment arrived in time.*If you have paid/);
  expect(told({ ...expired, payment_status: 'refunded', refund: refundOf(9999) })).toMatch(
    /in time.*went through all the same.*\$99\.99 was refunded/,
  );
});

test('a sold-out order asks for no money', () => {
  const soldOut = { status: 'CANCELLED', payment_status: 'none', cancel_reason: 'sold_out' } as const;
  expect(told(soldOut)).toMatch(/There is nothing to pay\.$/);
});

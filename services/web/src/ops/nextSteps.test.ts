import type { DisputeBody, OpsOrderBody, OrderReportBody } from '@widget-store/api';
import { eraseConsequences, nextSteps, notPackableReason, notShippableReason } from './nextSteps.js';

const pack = 'Pack the parcel, and then mark the order as shipped.';
const refundFailed = 'A refund has failed. Make it again, or pay the shopper another way.';

const items = (returned: number) => [{ product_id: 1, quantity: 2, returned, price_minor: 5000 }];
const refund = (overrides: object) => ({ status: 'succeeded', settled_by: null, amount_minor: 5000, ...overrides });
const dispute = (status: DisputeBody['status']) => ({ status, amount_minor: 10_000, currency: 'USD' });
const report = (order: object = {}, disputes: object[] = []) =>
  ({
    order: {
      status: 'PAID',
      fulfilment: 'manual',
      currency: 'USD',
      captured_minor: 10_000,
      refunded_minor: 0,
      disputed_minor: 0,
      items: items(0),
      adjustments: [],
      refunds: [],
      ...order,
    } as unknown as OpsOrderBody,
    disputes,
  }) as OrderReportBody;

test('a paid order is to be packed', () => {
  expect(nextSteps(report())).toEqual({ warning: null, sentences: [pack] });
  expect(nextSteps(report({}, [dispute('won')]))).toEqual({ warning: null, sentences: [pack] });
});

test('an order with an open dispute is not to be shipped until the dispute is decided', () => {
  expect(nextSteps(report({}, [dispute('open')]))).toEqual({
    warning: 'Do not ship until the dispute is decided.',
    sentences: ['The shopper disputes the payment. Answer the dispute at the gateway.'],
  });
});

test('an order with a lost dispute is not to be shipped', () => {
  expect(nextSteps(report({}, [dispute('lost')]))).toEqual({
    warning: 'Do not ship: the bank has taken this money ($100.00).',
    sentences: [],
  });
});

test('a dispute of a shipped order forbids nothing', () => {
  const shipped = report({ status: 'DISPATCHED', carrier: 'DHL 1' }, [dispute('lost')]);
  expect(nextSteps(shipped)).toEqual({ warning: null, sentences: ['The order is shipped with DHL 1.'] });
});

test('a refunded order is to be cancelled, although no piece is back in stock', () => {
  expect(nextSteps(report({ refunded_minor: 10_000 })).sentences).toEqual([
    'The shopper has all of the payment back. Cancel the order.',
  ]);
});

test('an order cannot be shipped if the shopper has all of the money back, and the reason names the refund or dispute', () => {
  const refunded = 'The shopper has all of the payment back. Cancel the order instead.';
  const lost = 'The shopper has all of the payment back after a lost dispute. Cancel the order instead.';
  const paidOutside = refund({ status: 'failed', settled_by: 'outside', amount_minor: 4000 });
  expect(notShippableReason(report({ refunded_minor: 10_000 }))).toBe(refunded);
  expect(notShippableReason(report({ refunded_minor: 6000, refunds: [paidOutside] }))).toBe(refunded);
  expect(notShippableReason(report({}, [dispute('lost')]))).toBe(lost);
  for (const status of ['open', 'won'] as const) {
    expect(notShippableReason(report({}, [dispute(status)]))).toBeNull();
  }
  expect(notShippableReason(report({}, [{ ...dispute('lost'), amount_minor: 4000 }]))).toBeNull();
  expect(notShippableReason(report({ refunded_minor: 6000 }, [{ ...dispute('lost'), amount_minor: 4000 }]))).toBe(lost);
});

test('a packing slip says why its order must not be packed any more', () => {
  const cancelled = report({ status: 'CANCELLED' });
  expect(notPackableReason(cancelled)).toBe('Do not pack it: the order is cancelled.');
  const refunded = report({ refunded_minor: 10_000 });
  expect(notPackableReason(refunded)).toBe('The shopper has all of the payment back. Cancel the order instead.');
  expect(notPackableReason(report({}, [dispute('open')]))).toBe('Do not ship until the dispute is decided.');
  for (const order of [{}, { status: 'DISPATCHED', refunded_minor: 10_000 }, { fulfilment: 'demo' }]) {
    expect(notPackableReason(report(order))).toBeNull();
  }
});

test('the packer learns of a refund whose pieces are not back in stock', () => {
  expect(nextSteps(report({ refunded_minor: 5000 })).sentences).toEqual([
    "A part of the payment ($50.00) is refunded. Read the refund's reason below before you pack.",
    pack,
  ]);
  expect(nextSteps(report({ refunded_minor: 5000, items: items(1) })).sentences).toEqual([
    'Pack the parcel without the pieces that are back in stock, and then mark the order as shipped.',
  ]);
});

test('an order with a failed refund and without pieces to ship needs only the refund', () => {
  const failed = { refunds: [refund({ status: 'failed' })] };
  expect(nextSteps(report({ ...failed, items: items(2) })).sentences).toEqual([refundFailed]);
  expect(nextSteps(report({ ...failed, refunded_minor: 10_000 })).sentences).toEqual([refundFailed]);
  expect(nextSteps(report(failed)).sentences).toEqual([refundFailed, pack]);
});

test('an order whose refund of everything has failed is not to be packed', () => {
  const failed = refund({ status: 'failed', amount_minor: 10_000 });
  const warning = 'Do not ship: the refund of the whole payment has failed. Settle this refund first.';
  expect(nextSteps(report({ refunds: [failed] }))).toEqual({ warning, sentences: [refundFailed] });
  expect(notPackableReason(report({ refunds: [failed] }))).toBe(warning);
  const rest = { refunded_minor: 6000, refunds: [{ ...failed, amount_minor: 4000 }] };
  expect(nextSteps(report(rest)).warning).toBe(warning);
  expect(nextSteps(report({ refunds: [{ ...failed, settled_by: 'ref_2' }] })).warning).toBeNull();
});

test('erasing the buyer of an order that is not shipped yet warns that the order cannot be sent', () => {
  const warning = 'The order is not shipped yet. Without the address, you cannot send it.';
  expect(eraseConsequences(report())[0]).toBe(warning);
  for (const done of [{ status: 'DISPATCHED' }, { status: 'CANCELLED' }, { refunded_minor: 10_000 }]) {
    expect(eraseConsequences(report(done))[0]).toMatch(/^The name, the e-mail,/);
  }
});

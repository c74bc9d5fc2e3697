import type { OpsOrderBody } from '@widget-store/api';
import {
  emptyDraft,
  notRefundableReason,
  proposeRefund,
  refundableMinor,
  refundAgain,
  refundQuestion,
} from './refundRequest.js';

const item = (productId: number, priceMinor: number, returned = 0) => ({
  product_id: productId,
  product: 'Widget',
  image_url: null,
  quantity: 1,
  returned,
  price: '',
  price_minor: priceMinor,
});
const order = (overrides: Partial<OpsOrderBody> = {}) =>
  ({
    order_id: 'ord_1',
    status: 'DISPATCHED',
    currency: 'USD',
    captured_minor: 10_000,
    refunded_minor: 0,
    disputed_minor: 0,
    items: [item(1, 3000), item(2, 7000)],
    adjustments: [],
    refunds: [],
    ...overrides,
  }) as unknown as OpsOrderBody;

test('a refund without an answer is sent again unchanged, even if the store has accepted it', () => {
  const draft = { ...emptyDraft, quantities: { 1: 1 } };
  const { request } = proposeRefund(order(), draft);
  expect(request).toMatchObject({ amount_minor: 3000, restock: [{ product_id: 1, quantity: 1 }] });
  if (request === null) throw new Error('the refund is possible');
  const accepted = order({ refunded_minor: 3000, items: [item(1, 3000, 1), item(2, 7000)] });
  const sent = { ...draft, unanswered: { request, key: 'k' } };
  expect(proposeRefund(accepted, sent)).toMatchObject({ request, amount: '30.00' });
});

test('the amount is empty at first, follows the returned units, and stays as it was typed', () => {
  expect(proposeRefund(order(), emptyDraft)).toMatchObject({ amount: '', request: null });
  expect(proposeRefund(order(), { ...emptyDraft, quantities: { 2: 1 } })).toMatchObject({ amount: '70.00' });
  const typed = proposeRefund(order(), { ...emptyDraft, quantities: { 2: 1 }, amount: '5' });
  expect(typed.request).toEqual({ amount_minor: 500, restock: [{ product_id: 2, quantity: 1 }] });
});

test('the amount of returned units is their share of the discounted price, without shipping', () => {
  const adjustments = [
    { kind: 'discount', label: 'Sale', amount_minor: -2500 },
    { kind: 'shipping', label: 'Shipping', amount_minor: 500 },
  ] as OpsOrderBody['adjustments'];
  const discounted = order({ adjustments, captured_minor: 8000 });
  expect(proposeRefund(discounted, { ...emptyDraft, quantities: { 2: 1 } })).toMatchObject({ amount: '52.50' });
});

test('more units than were sold are refused', () => {
  expect(proposeRefund(order(), { ...emptyDraft, quantities: { 2: 2 } }).request).toBeNull();
});

test('only units that are not back in stock can be returned', () => {
  const returned = order({ items: [item(1, 3000, 1), item(2, 7000)] });
  expect(proposeRefund(returned, emptyDraft).returnable).toMatchObject([{ product_id: 2 }]);
  expect(proposeRefund(order({ status: 'CANCELLED' }), emptyDraft).returnable).toEqual([]);
});

test('the question names the amount, what was paid, the order and the returned units', () => {
  const asked = order({ order_number: '1002-ZA' });
  expect(refundQuestion(asked, { amount_minor: 500, restock: [{ product_id: 2, quantity: 1 }] })).toEqual({
    title: 'Refund $5.00 of $100.00 for order 1002-ZA?',
    consequences: ['The gateway refunds $5.00.', 'Back into stock: 1 × Widget.', 'This cannot be undone.'],
  });
  expect(refundQuestion(asked, { amount_minor: 500, restock: [] }).consequences).toContain(
    'Nothing goes back into stock.',
  );
});

test('a failed refund is made again with its amount or the rest of the payment, whichever is less', () => {
  const failed = { refund_id: 'ref_1', amount_minor: 3000, reason: 'Scratched' } as OpsOrderBody['refunds'][number];
  const again = refundAgain(order(), failed);
  expect(again?.request).toEqual({ amount_minor: 3000, reason: 'Scratched', restock: [], replaces: 'ref_1' });
  expect(refundAgain(order(), failed)).toEqual(again);
  const less = refundAgain(order({ refunded_minor: 8000 }), failed);
  expect(less?.request.amount_minor).toBe(2000);
  expect(less?.key).not.toBe(again?.key);
  expect(refundAgain(order({ refunded_minor: 10_000 }), failed)).toBeNull();
});

test('what an operator has paid in another way cannot be refunded again', () => {
  const failed = { amount_minor: 4000, status: 'failed', settled_by: 'outside' } as OpsOrderBody['refunds'][number];
  expect(refundableMinor(order({ refunds: [failed] }))).toBe(6000);
  expect(refundableMinor(order({ refunds: [{ ...failed, settled_by: null }] }))).toBe(10_000);
});

test('the reason why nothing can be refunded names the amount that disputes hold or have taken', () => {
  expect(notRefundableReason(order())).toBeNull();
  expect(notRefundableReason(order({ captured_minor: 0 }))).toBe('The store has received no payment.');
  expect(notRefundableReason(order({ refunded_minor: 10_000 }))).toBe('Nothing is left to refund.');
  expect(notRefundableReason(order({ refunded_minor: 3000, disputed_minor: 7000 }))).toBe(
    'Nothing is left to refund. Disputes hold or have taken $70.00 of the payment.',
  );
});

import type { OpsOrderBody } from '@widget-store/api';
import { proposeReturn, returnedPieces } from './returnRequest.js';

const order = (overrides: object = {}) =>
  ({
    status: 'DISPATCHED',
    items: [
      { product_id: 1, product: 'Widget', quantity: 3, returned: 1 },
      { product_id: 2, product: 'Oil', quantity: 1, returned: 1 },
    ],
    ...overrides,
  }) as unknown as OpsOrderBody;

test('a return has the pieces that the operator has entered; no piece or too many pieces make no return', () => {
  const request = proposeReturn(order(), { quantities: { 1: 2 }, reason: ' Undelivered ' });
  expect(request).toEqual({ items: [{ product_id: 1, quantity: 2 }], reason: 'Undelivered' });
  expect(returnedPieces(order(), request)).toEqual(['2 × Widget']);
  for (const quantities of [{}, { 1: 0 }, { 1: 3 }]) {
    expect(proposeReturn(order(), { quantities, reason: '' })).toBeNull();
  }
});

test.each(['PENDING', 'CANCELLED'])('no piece of a %s order can come back', (status) => {
  expect(proposeReturn(order({ status }), { quantities: { 1: 1 }, reason: '' })).toBeNull();
});

import { decideAdjustments } from './decideAdjustments';

const shipping = { kind: 'shipping', label: 'Shipping', amountMinor: 500 };

it.each([
  { unitPriceMinor: 1999, quantity: 1, adjustments: [shipping] },
  { unitPriceMinor: 4999, quantity: 1, adjustments: [shipping] },
  { unitPriceMinor: 5000, quantity: 1, adjustments: [] },
  { unitPriceMinor: 1999, quantity: 3, adjustments: [] },
])('$quantity of $unitPriceMinor get the adjustments $adjustments', ({ unitPriceMinor, quantity, adjustments }) => {
  const items = [{ productId: 2, quantity, unitPriceMinor }];
  expect(decideAdjustments({ items, currency: 'USD' })).toEqual(adjustments);
});

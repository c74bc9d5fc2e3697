import type { DecideAdjustments } from '@widget-store/contract';
import { cartPrice, shownPrice } from './orderPrice.js';
import { withPrices } from './pricedCart.js';

const decide: DecideAdjustments = ({ items, currency }) => [
  { kind: 'shipping', label: `${items.map(({ productId }) => productId).join('+')} in ${currency}`, amountMinor: 500 },
  { kind: 'discount', label: 'Spring sale', amountMinor: -300 },
];
const lines = [
  { productId: 3, quantity: 1, priceMinor: 500 },
  { productId: 2, quantity: 2, priceMinor: 1999 },
];
const pricedIn = (...currencies: string[]) =>
  withPrices({
    lines,
    products: lines.map(({ productId, priceMinor }, index) => ({
      product_id: productId,
      product: 'Widget',
      description: '',
      inventory: 3,
      price: '',
      price_minor: priceMinor,
      currency: currencies[index] ?? 'USD',
      image_url: null,
      on_sale: true,
    })),
  });

test('without a function for adjustments, the total is the price of the items', () => {
  expect(shownPrice(lines, 'USD', null)).toEqual({ adjustments: [], totalMinor: 4498 });
});

test('the total includes the adjustments, which are decided from the items in the sequence of their product ids', () => {
  const { adjustments, totalMinor } = shownPrice(lines, 'USD', decide);
  expect(adjustments[0]?.label).toBe('2+3 in USD');
  expect(totalMinor).toBe(4498 + 500 - 300);
  expect(cartPrice(pricedIn(), decide)).toEqual({ adjustments, totals: [{ minor: totalMinor, currency: 'USD' }] });
});

test('two currencies or an empty cart get no adjustments', () => {
  expect(shownPrice(lines, null, decide).adjustments).toEqual([]);
  expect(shownPrice([], 'USD', decide)).toEqual({ adjustments: [], totalMinor: 0 });
  expect(cartPrice(pricedIn('EUR', 'USD'), decide)).toEqual({
    adjustments: [],
    totals: [
      { minor: 500, currency: 'EUR' },
      { minor: 3998, currency: 'USD' },
    ],
  });
});

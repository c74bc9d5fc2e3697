import { lineItems } from './stripeLineItems';

const payment = { paymentId: 'pay_1', amountMinor: 13_997, currency: 'USD' };
const items = [
  { name: 'Premium', quantity: 1, unitPriceMinor: 9999 },
  { name: 'Pocket', quantity: 2, unitPriceMinor: 1999 },
];

const shown = (asked: Parameters<typeof lineItems>[0]) =>
  lineItems(asked).map((line) => [line.price_data?.product_data?.name, line.quantity, line.price_data?.unit_amount]);

it("has a line for each item, in Stripe's units", () => {
  expect(shown({ ...payment, items })).toEqual([
    ['Premium', 1, 9999],
    ['Pocket', 2, 1999],
  ]);
  const krona = { paymentId: 'pay_1', amountMinor: 10, currency: 'ISK' };
  expect(shown({ ...krona, items: [{ name: 'Widget', quantity: 2, unitPriceMinor: 5 }] })).toEqual([
    ['Widget', 2, 500],
  ]);
});

it.each([
  ['Postgres no longer has the order', { ...payment, items: [] }],
  ['the items do not add up', { ...payment, items: items.slice(1) }],
  [
    'Stripe cannot take the price of a unit',
    {
      ...payment,
      currency: 'KWD',
      amountMinor: 10_010,
      items: [{ name: 'Widget', quantity: 2, unitPriceMinor: 5005 }],
    },
  ],
])('has one line for the whole order if %s', (_why, asked) => {
  expect(shown(asked)).toEqual([['Your order', 1, asked.amountMinor]]);
});

it('names each item and the discount in one line, because Stripe takes no negative price', () => {
  const discounted = [...items, { name: 'Spring sale', quantity: 1, unitPriceMinor: -1000 }];
  const [line, ...others] = lineItems({ ...payment, amountMinor: 12_997, items: discounted });
  expect(others).toEqual([]);
  expect(line).toEqual({
    quantity: 1,
    price_data: {
      currency: 'usd',
      unit_amount: 12_997,
      product_data: {
        name: 'Your order',
        description: 'Premium 99.99 USD, 2 × Pocket 39.98 USD, Spring sale -10.00 USD',
        metadata: { payment_id: 'pay_1' },
      },
    },
  });
});

it('refuses an amount that Stripe would have to round', () => {
  const odd = { ...payment, currency: 'KWD', amountMinor: 5124, items: [] };
  expect(() => lineItems(odd)).toThrow(expect.objectContaining({ code: 'GatewayRefused' }));
});

import { priceLines, totalMinorOf } from './pricedCart.js';

const pocket = {
  product_id: 2,
  product: 'Pocket Widget',
  description: '',
  inventory: 3,
  price: '19.99',
  price_minor: 1999,
  currency: 'USD',
};

const priced = (quantity: number, inventory = 3) =>
  priceLines({ lines: [{ productId: 2, quantity }], products: [{ ...pocket, inventory }] });

test('a line costs its quantity, in minor units', () => {
  expect(priced(3)[0]?.problem).toBeNull();
  expect(totalMinorOf(priced(3))).toBe(5997);
});

test.each([
  [4, 3, 'Only 3 left: please take less.'],
  [1, 0, 'Sold out: please take it out.'],
] as const)('%s of %s: %s', (quantity, inventory, problem) => {
  expect(priced(quantity, inventory)[0]?.problem).toBe(problem);
});

test('what is not on sale any more cannot be bought, and costs nothing', () => {
  const lines = priceLines({ lines: [{ productId: 9, quantity: 1 }], products: [pocket] });
  expect(lines[0]).toMatchObject({ name: 'This is not on sale any more.', problem: 'This is not on sale any more.' });
  expect(totalMinorOf(lines)).toBe(0);
});

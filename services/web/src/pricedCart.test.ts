import { onSale, totalsByCurrency, withPrices } from './pricedCart.js';
import { texts } from './texts.js';

const pocket = {
  product_id: 2,
  product: 'Pocket Widget',
  description: '',
  inventory: 3,
  price: '19.99',
  price_minor: 1999,
  currency: 'USD',
  image_url: null,
  on_sale: true,
};

const priced = (quantity: number, inventory = 3) =>
  withPrices({ lines: [{ productId: 2, quantity }], products: [{ ...pocket, inventory }] });

test('a line costs its price times its quantity, in minor units', () => {
  expect(priced(3)[0]?.problem).toBeNull();
  expect(totalsByCurrency(priced(3))).toEqual([{ minor: 5997, currency: 'USD' }]);
});

test.each([
  [{ priceMinor: 1999 }, null],
  [{ priceMinor: 2499 }, 2499],
  [{}, null],
])('a line that was added with the price %j has the earlier price %s', (seen, earlierPriceMinor) => {
  const lines = [{ productId: 2, quantity: 1, ...seen }];
  expect(withPrices({ lines, products: [pocket] })).toMatchObject([{ priceMinor: 1999, earlierPriceMinor }]);
  expect(withPrices({ lines, products: [] })).toMatchObject([{ earlierPriceMinor: null }]);
});

test.each([
  [4, 3, 'Only 3 left. Please reduce the quantity.'],
  [1, 0, 'Sold out. Please remove it.'],
] as const)('%s wanted of %s in stock: %s', (quantity, inventory, problem) => {
  expect(priced(quantity, inventory)[0]?.problem).toBe(problem);
});

test('a product that is not on sale keeps its name and cannot be ordered', () => {
  const [line] = withPrices({ lines: [{ productId: 2, quantity: 1 }], products: [{ ...pocket, on_sale: false }] });
  expect(line).toMatchObject({ name: 'Pocket Widget', isOnSale: false, problem: texts.cart.notOnSale });
});

test('an unknown product is not on sale and adds no total', () => {
  const lines = withPrices({ lines: [{ productId: 9, quantity: 1 }], products: [pocket] });
  expect(lines[0]).toMatchObject({ name: 'Product 9', isOnSale: false });
  expect(totalsByCurrency(lines)).toEqual([]);
  expect(onSale([...priced(1), ...lines])).toEqual(priced(1));
});

test('each currency has its own total, and a product that is no longer on sale adds none', () => {
  const products = [pocket, { ...pocket, product_id: 3, price_minor: 500, currency: 'EUR' }];
  const lines = withPrices({ lines: [2, 3, 3, 9].map((productId) => ({ productId, quantity: 1 })), products });
  expect(totalsByCurrency(lines)).toEqual([
    { minor: 1999, currency: 'USD' },
    { minor: 1000, currency: 'EUR' },
  ]);
  expect(totalsByCurrency(lines.slice(1))).toEqual([{ minor: 1000, currency: 'EUR' }]);
});

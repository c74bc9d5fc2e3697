import { countItems, createCart, maxQuantity, quantityOf } from './cart.js';
import { memoryStorage } from './storage.js';

const name = 'widget-store.cart';

test('adding a product again raises its quantity and keeps its place', () => {
  const cart = createCart(memoryStorage());
  cart.add([{ productId: 2, quantity: 1 }]);
  cart.add([
    { productId: 1, quantity: 2 },
    { productId: 2, quantity: 1 },
  ]);
  expect(cart.current()).toEqual([
    { productId: 2, quantity: 2 },
    { productId: 1, quantity: 2 },
  ]);
  expect(countItems(cart.current())).toBe(4);
});

test('a line keeps the price at which its product was last added', () => {
  const storage = memoryStorage();
  const cart = createCart(storage);
  cart.add([{ productId: 2, quantity: 1, priceMinor: 1999 }]);
  cart.setQuantity(2, 5);
  cart.removeOrdered([{ productId: 2, quantity: 1, priceMinor: 2499 }]);
  expect(createCart(storage).current()).toEqual([{ productId: 2, quantity: 4, priceMinor: 1999 }]);
  cart.add([{ productId: 2, quantity: 1, priceMinor: 2499 }]);
  expect(cart.current()).toEqual([{ productId: 2, quantity: 5, priceMinor: 2499 }]);
});

test('a reloaded page and another tab share the cart', () => {
  const storage = memoryStorage();
  createCart(storage).add([{ productId: 2, quantity: 1 }]);
  const other = createCart(storage);
  other.setQuantity(2, 7);
  expect(createCart(storage).current()).toEqual([{ productId: 2, quantity: 7 }]);
});

test('a quantity is capped, and 0 removes the product', () => {
  const cart = createCart(memoryStorage());
  cart.add([{ productId: 2, quantity: 500 }]);
  expect(cart.current()).toEqual([{ productId: 2, quantity: maxQuantity }]);
  cart.setQuantity(2, 0);
  expect(cart.current()).toEqual([]);
});

test('removing ordered items keeps newer items and is idempotent', () => {
  const cart = createCart(memoryStorage());
  const ordered = [{ productId: 2, quantity: 3 }];
  cart.add([...ordered, { productId: 5, quantity: 1 }]);
  cart.removeOrdered(ordered);
  cart.removeOrdered(ordered);
  expect(cart.current()).toEqual([{ productId: 5, quantity: 1 }]);
});

test('a full cart accepts more units of its products but no other product', () => {
  const cart = createCart(memoryStorage());
  cart.add(Array.from({ length: 50 }, (_, index) => ({ productId: index + 1, quantity: 1 })));
  cart.add([
    { productId: 1, quantity: 1 },
    { productId: 51, quantity: 1 },
  ]);
  expect(cart.current()).toHaveLength(50);
  expect(quantityOf(cart.current(), 1)).toBe(2);
});

test('an empty cart is removed from the storage', () => {
  const storage = memoryStorage();
  const cart = createCart(storage);
  cart.add([{ productId: 2, quantity: 1 }]);
  cart.setQuantity(2, 0);
  expect(storage.getItem(name)).toBeNull();
});

test.each(['', '{', 'null', '7', '{}', '["a"]', '[{"productId":2}]', '[{"productId":2,"quantity":-1}]'])(
  'invalid stored text is read as an empty cart: %p',
  (text) => {
    const storage = memoryStorage();
    storage.setItem(name, text);
    expect(createCart(storage).current()).toEqual([]);
  },
);

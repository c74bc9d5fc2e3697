import { createOrderHistory } from './orderHistory.js';
import { memoryStorage } from './storage.js';

const orderId = (number: number) => `ord_${String(number).padStart(32, '0')}`;

test('each order is listed once, the newest first', () => {
  const storage = memoryStorage();
  const history = createOrderHistory(storage);
  for (const number of [1, 2, 1]) history.add(orderId(number));
  expect(createOrderHistory(storage).current()).toEqual([orderId(2), orderId(1)]);
});

test('the list is limited to 200 orders', () => {
  const history = createOrderHistory(memoryStorage());
  for (let number = 0; number < 500; number += 1) history.add(orderId(number));
  expect(history.current()).toHaveLength(200);
  expect(history.current()[0]).toBe(orderId(499));
});

test('stored values that are not order ids are ignored', () => {
  const storage = memoryStorage();
  storage.setItem('widget-store.orders', JSON.stringify([orderId(1), '../orders', 7, null]));
  expect(createOrderHistory(storage).current()).toEqual([orderId(1)]);
});

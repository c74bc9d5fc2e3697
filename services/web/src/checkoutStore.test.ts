import { createCheckoutStore } from './checkoutStore.js';
import { memoryStorage } from './storage.js';
import type { KeyStorage } from './storedValue.js';

function createStore(storage: KeyStorage = memoryStorage()) {
  let count = 0;
  return createCheckoutStore({ storage, newKey: () => `key-${(count += 1)}` });
}

const storageKey = 'widget-store.checkout';
const wanted = { items: [{ productId: 2, quantity: 3, priceMinor: 1999 }], totalMinor: 5997, fromCart: true };

test('a checkout is stored before start returns', () => {
  const storage = memoryStorage();
  const { key } = createStore(storage).start(wanted);
  expect(storage.getItem(storageKey)).toContain(key);
});

test('a second click continues the first checkout', () => {
  const checkouts = createStore();
  expect(checkouts.start(wanted)).toEqual(checkouts.start(wanted));
});

test('a reloaded page and another tab continue the checkout', () => {
  const storage = memoryStorage();
  const started = createStore(storage).start(wanted);
  const reloaded = createCheckoutStore({ storage, newKey: () => 'another' });
  expect(reloaded.current()).toEqual(started);
  expect(reloaded.start(wanted)).toEqual(started);
});

const placed = { orderId: 'ord_1', paymentId: 'pay_1' };

test('the answer is stored with its key', () => {
  const checkouts = createStore();
  const { key } = checkouts.start(wanted);
  checkouts.recordAnswer({ key, placed });
  expect(checkouts.start(wanted)).toEqual({ ...wanted, key, placed });
});

test('only the first answer is recorded', () => {
  const checkouts = createStore();
  const { key } = checkouts.start(wanted);
  expect([checkouts.recordAnswer({ key, placed }), checkouts.recordAnswer({ key, placed })]).toEqual([true, false]);
});

test('a late answer to an older key does not change the newer checkout', () => {
  const checkouts = createStore();
  const older = checkouts.start(wanted);
  checkouts.forgetKey(older.key);
  const newer = checkouts.start(wanted);
  checkouts.recordAnswer({ key: older.key, placed });
  checkouts.forgetKey(older.key);
  expect(checkouts.current()).toEqual(newer);
});

test('forgetOrder removes a checkout only if the order belongs to it', () => {
  const checkouts = createStore();
  const { key } = checkouts.start(wanted);
  checkouts.recordAnswer({ key, placed });
  checkouts.forgetOrder('ord_2');
  expect(checkouts.current()).not.toBeNull();
  checkouts.forgetOrder('ord_1');
  expect(checkouts.current()).toBeNull();
  expect(checkouts.start(wanted).key).not.toBe(key);
});

test('an unfinished checkout continues with its own items, not with the new ones', () => {
  const checkouts = createStore();
  const started = checkouts.start(wanted);
  expect(checkouts.start({ ...wanted, items: [{ productId: 1, quantity: 1, priceMinor: 9999 }] })).toEqual(started);
});

test('current returns the same object until something changes, as useSyncExternalStore requires', () => {
  const checkouts = createStore();
  checkouts.start(wanted);
  expect(checkouts.current()).toBe(checkouts.current());
});

test('subscribers are notified of every change until they unsubscribe', () => {
  const checkouts = createStore();
  const listener = jest.fn();
  const unsubscribe = checkouts.subscribe(listener);
  checkouts.forgetKey(checkouts.start(wanted).key);
  checkouts.onStorageEvent();
  expect(listener).toHaveBeenCalledTimes(3);
  unsubscribe();
  checkouts.start(wanted);
  expect(listener).toHaveBeenCalledTimes(3);
});

const items = '[{"productId":2,"quantity":3,"priceMinor":1999}]';
const order = `"items":${items},"totalMinor":5997`;

test.each([
  '',
  '{',
  'null',
  '7',
  '{}',
  `{"key":7,${order},"placed":null}`,
  `{"key":"a b",${order},"placed":null}`,
  `{"key":"a","items":${items},"placed":null}`,
  '{"key":"a","totalMinor":5997,"items":[],"placed":null}',
  '{"key":"a","totalMinor":5997,"items":[{"productId":2}],"placed":null}',
  '{"key":"a","totalMinor":5997,"items":[{"productId":2,"quantity":3}],"placed":null}',
])('invalid stored text is read as no checkout: %p', (text) => {
  const storage = memoryStorage();
  storage.setItem(storageKey, text);
  expect(createStore(storage).current()).toBeNull();
  expect(createStore(storage).start(wanted).key).toBe('key-1');
});

test.each(['', ',"placed":7', ',"placed":{"orderId":"ord_1"}'])(
  'a stored checkout without a valid answer keeps its key: %p',
  (text) => {
    const storage = memoryStorage();
    storage.setItem(storageKey, `{"key":"a",${order},"fromCart":true${text}}`);
    expect(createStore(storage).start(wanted)).toEqual({ ...wanted, key: 'a', placed: null });
  },
);

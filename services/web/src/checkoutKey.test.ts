import { createCheckoutKeys } from './checkoutKey.js';
import { memoryStorage } from './storage.js';
import type { KeyStorage } from './storedValue.js';

function page(storage: KeyStorage = memoryStorage()) {
  let count = 0;
  return createCheckoutKeys({ storage, newKey: () => `key-${(count += 1)}` });
}

const storageKey = 'widget-store.checkout';
const wanted = { items: [{ productId: 2, quantity: 3 }], ofCart: true };

test('a checkout is stored before begin returns', () => {
  const storage = memoryStorage();
  const { key } = page(storage).begin(wanted);
  expect(storage.getItem(storageKey)).toContain(key);
});

test('a second click continues the first checkout', () => {
  const checkouts = page();
  expect(checkouts.begin(wanted)).toEqual(checkouts.begin(wanted));
});

test('a reloaded page and another tab continue the checkout', () => {
  const storage = memoryStorage();
  const begun = page(storage).begin(wanted);
  const reloaded = createCheckoutKeys({ storage, newKey: () => 'another' });
  expect(reloaded.current()).toEqual(begun);
  expect(reloaded.begin(wanted)).toEqual(begun);
});

const placed = { orderId: 'ord_1', paymentId: 'pay_1' };

test('the answer is stored with its key', () => {
  const checkouts = page();
  const { key } = checkouts.begin(wanted);
  checkouts.answered({ key, placed });
  expect(checkouts.begin(wanted)).toEqual({ ...wanted, key, placed });
});

test('only the first answer is recorded', () => {
  const checkouts = page();
  const { key } = checkouts.begin(wanted);
  expect([checkouts.answered({ key, placed }), checkouts.answered({ key, placed })]).toEqual([true, false]);
});

test('a late answer to an older key does not change the newer checkout', () => {
  const checkouts = page();
  const older = checkouts.begin(wanted);
  checkouts.endKey(older.key);
  const newer = checkouts.begin(wanted);
  checkouts.answered({ key: older.key, placed });
  checkouts.endKey(older.key);
  expect(checkouts.current()).toEqual(newer);
});

test('only its own order ends a checkout', () => {
  const checkouts = page();
  const { key } = checkouts.begin(wanted);
  checkouts.answered({ key, placed });
  checkouts.endOrder('ord_2');
  expect(checkouts.current()).not.toBeNull();
  checkouts.endOrder('ord_1');
  expect(checkouts.current()).toBeNull();
  expect(checkouts.begin(wanted).key).not.toBe(key);
});

test('an unfinished checkout continues with its own items, not with the new ones', () => {
  const checkouts = page();
  const begun = checkouts.begin(wanted);
  expect(checkouts.begin({ items: [{ productId: 1, quantity: 1 }], ofCart: false })).toEqual(begun);
});

test('current returns the same object until something changes, as useSyncExternalStore requires', () => {
  const checkouts = page();
  checkouts.begin(wanted);
  expect(checkouts.current()).toBe(checkouts.current());
});

test('subscribers are notified of every change until they unsubscribe', () => {
  const checkouts = page();
  const listener = jest.fn();
  const leave = checkouts.subscribe(listener);
  checkouts.endKey(checkouts.begin(wanted).key);
  checkouts.changedElsewhere();
  expect(listener).toHaveBeenCalledTimes(3);
  leave();
  checkouts.begin(wanted);
  expect(listener).toHaveBeenCalledTimes(3);
});

const items = '[{"productId":2,"quantity":3}]';

test.each([
  '',
  '{',
  'null',
  '7',
  '{}',
  `{"key":7,"items":${items},"placed":null}`,
  `{"key":"a b","items":${items},"placed":null}`,
  '{"key":"a","items":[],"placed":null}',
  '{"key":"a","items":[{"productId":2}],"placed":null}',
])('invalid stored text is read as no checkout: %p', (text) => {
  const storage = memoryStorage();
  storage.setItem(storageKey, text);
  expect(page(storage).current()).toBeNull();
  expect(page(storage).begin(wanted).key).toBe('key-1');
});

test.each(['', ',"placed":7', ',"placed":{"orderId":"ord_1"}'])(
  'a stored key without a valid answer is kept and asked again: %p',
  (text) => {
    const storage = memoryStorage();
    storage.setItem(storageKey, `{"key":"a","items":${items},"ofCart":true${text}}`);
    expect(page(storage).begin(wanted)).toEqual({ ...wanted, key: 'a', placed: null });
  },
);

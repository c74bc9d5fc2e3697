import { createCheckoutKeys } from './checkoutKey.js';
import type { KeyStorage } from './checkoutKey.js';

function fakeStorage(): KeyStorage & { values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => void values.set(name, value),
    removeItem: (name) => void values.delete(name),
  };
}

function page(storage: KeyStorage = fakeStorage()) {
  let count = 0;
  return createCheckoutKeys({ storage, newKey: () => `key-${(count += 1)}` });
}

const storageKey = 'widget-store.checkout';

test('a checkout is in the storage before begin returns', () => {
  const storage = fakeStorage();
  const { key } = page(storage).begin();
  expect(storage.values.get(storageKey)).toContain(key);
});

test('a second press continues the first checkout', () => {
  const checkouts = page();
  expect(checkouts.begin()).toEqual(checkouts.begin());
});

test('a reloaded page and another tab continue the checkout', () => {
  const storage = fakeStorage();
  const begun = page(storage).begin();
  const reloaded = createCheckoutKeys({ storage, newKey: () => 'another' });
  expect(reloaded.current()).toEqual(begun);
  expect(reloaded.begin()).toEqual(begun);
});

const placed = { orderId: 'ord_1', paymentId: 'pay_1' };

test('the answer is kept with its key', () => {
  const checkouts = page();
  const { key } = checkouts.begin();
  checkouts.answered({ key, placed });
  expect(checkouts.begin()).toEqual({ key, placed });
});

test('a late answer to an older key does not touch the newer checkout', () => {
  const checkouts = page();
  const older = checkouts.begin();
  checkouts.endKey(older.key);
  const newer = checkouts.begin();
  checkouts.answered({ key: older.key, placed });
  checkouts.endKey(older.key);
  expect(checkouts.current()).toEqual(newer);
});

test('only the outcome of its own order ends a checkout', () => {
  const checkouts = page();
  const { key } = checkouts.begin();
  checkouts.answered({ key, placed });
  checkouts.endOrder('ord_2');
  expect(checkouts.current()).not.toBeNull();
  checkouts.endOrder('ord_1');
  expect(checkouts.current()).toBeNull();
  expect(checkouts.begin().key).not.toBe(key);
});

test('current is the same object until something changes, as React asks of a snapshot', () => {
  const checkouts = page();
  checkouts.begin();
  expect(checkouts.current()).toBe(checkouts.current());
});

test('subscribers hear of every change until they leave', () => {
  const checkouts = page();
  const listener = jest.fn();
  const leave = checkouts.subscribe(listener);
  checkouts.endKey(checkouts.begin().key);
  checkouts.changedElsewhere();
  expect(listener).toHaveBeenCalledTimes(3);
  leave();
  checkouts.begin();
  expect(listener).toHaveBeenCalledTimes(3);
});

test.each(['', '{', 'null', '7', '{}', '{"key":7,"placed":null}', '{"key":"a b","placed":null}'])(
  'stored text that is no checkout counts as none: %p',
  (text) => {
    const storage = fakeStorage();
    storage.setItem(storageKey, text);
    expect(page(storage).current()).toBeNull();
    expect(page(storage).begin().key).toBe('key-1');
  },
);

test.each(['{"key":"a"}', '{"key":"a","placed":7}', '{"key":"a","placed":{"orderId":"ord_1"}}'])(
  'a key without a readable answer is asked again: %p',
  (text) => {
    const storage = fakeStorage();
    storage.setItem(storageKey, text);
    expect(page(storage).begin()).toEqual({ key: 'a', placed: null });
  },
);

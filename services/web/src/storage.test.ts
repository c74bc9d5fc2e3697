import { browserStorage, memoryStorage } from './storage.js';
import type { KeyStorage } from './storedValue.js';

function fullStorage(stored: KeyStorage): KeyStorage {
  return {
    ...stored,
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  };
}

test('a full storage stays readable, and new values are kept in memory', () => {
  const stored = memoryStorage();
  stored.setItem('cart', 'two widgets');
  const storage = browserStorage(() => fullStorage(stored));
  expect([storage.getItem('cart'), storage.isTemporary()]).toEqual(['two widgets', false]);
  storage.setItem('cart', 'three widgets');
  expect([storage.getItem('cart'), storage.isTemporary()]).toEqual(['three widgets', true]);
});

test('if the storage is forbidden, values are kept in memory', () => {
  const storage = browserStorage(() => {
    throw new Error('SecurityError');
  });
  storage.setItem('cart', 'a widget');
  expect(storage.getItem('cart')).toBe('a widget');
  storage.removeItem('cart');
  expect(storage.getItem('cart')).toBeNull();
});

test('listeners are notified when values become temporary and when they are stored again', () => {
  const stored = memoryStorage();
  let isFull = true;
  const storage = browserStorage(() => (isFull ? fullStorage(stored) : stored));
  const notified: boolean[] = [];
  storage.subscribe(() => notified.push(storage.isTemporary()));
  storage.setItem('cart', 'a widget');
  storage.setItem('cart', 'two widgets');
  isFull = false;
  storage.setItem('cart', 'three widgets');
  expect(notified).toEqual([true, false]);
  expect(stored.getItem('cart')).toBe('three widgets');
});

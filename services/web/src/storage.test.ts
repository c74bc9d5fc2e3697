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

test('a full storage is still read, and what it refuses is kept for this visit', () => {
  const stored = memoryStorage();
  stored.setItem('cart', 'two widgets');
  const storage = browserStorage(() => fullStorage(stored));
  expect([storage.getItem('cart'), storage.isTemporary()]).toEqual(['two widgets', false]);
  storage.setItem('cart', 'three widgets');
  expect([storage.getItem('cart'), storage.isTemporary()]).toEqual(['three widgets', true]);
});

test('a forbidden storage is the memory of the page', () => {
  const storage = browserStorage(() => {
    throw new Error('SecurityError');
  });
  storage.setItem('cart', 'a widget');
  expect(storage.getItem('cart')).toBe('a widget');
  storage.removeItem('cart');
  expect(storage.getItem('cart')).toBeNull();
});

test('listeners hear when values become temporary, and when the browser stores them again', () => {
  const stored = memoryStorage();
  let isFull = true;
  const storage = browserStorage(() => (isFull ? fullStorage(stored) : stored));
  const heard: boolean[] = [];
  storage.subscribe(() => heard.push(storage.isTemporary()));
  storage.setItem('cart', 'a widget');
  storage.setItem('cart', 'two widgets');
  isFull = false;
  storage.setItem('cart', 'three widgets');
  expect(heard).toEqual([true, false]);
  expect(stored.getItem('cart')).toBe('three widgets');
});

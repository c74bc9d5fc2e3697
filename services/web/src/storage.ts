import type { KeyStorage } from './storedValue.js';

/**
 * `localStorage`, or, where the browser forbids it (blocked or full), the page's own memory: then a double press is still
 * safe, and a reload begins anew.
 */
export function browserStorage(): KeyStorage {
  try {
    const probe = 'widget-store.probe';
    window.localStorage.setItem(probe, probe);
    window.localStorage.removeItem(probe);
    return window.localStorage;
  } catch {
    return memoryStorage();
  }
}

/** 128 random bits. Not `crypto.randomUUID`, which browsers withhold from a store opened by plain http on a LAN. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** For a browser that forbids storage, and for tests. */
export function memoryStorage(): KeyStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

import type { KeyStorage } from './storedValue.js';

/** Storage of the browser that goes on in the page's memory where the browser refuses to store. */
export interface BrowserStorage extends KeyStorage {
  /** Whether something is in the page's memory only, so that it ends with the page. */
  isTemporary: () => boolean;
  /** @returns a function that ends the subscription */
  subscribe: (listener: () => void) => () => void;
}

/**
 * Stores in `localStorage`. What `localStorage` refuses, because it is full or forbidden, stays in the page's memory, and what
 * `localStorage` has already stays readable.
 *
 * @param openStorage reads `window.localStorage`, which throws where the browser forbids it
 */
export function browserStorage(openStorage: () => KeyStorage): BrowserStorage {
  const listeners = new Set<() => void>();
  /** What the browser refused to store; null for a value that it refused to remove. */
  const refused = new Map<string, string | null>();

  const change = (key: string, value: string | null) => {
    const wasTemporary = refused.size > 0;
    try {
      const storage = openStorage();
      if (value === null) storage.removeItem(key);
      else storage.setItem(key, value);
      refused.delete(key);
    } catch {
      refused.set(key, value);
    }
    if (wasTemporary !== refused.size > 0) for (const listener of listeners) listener();
  };
  return {
    getItem: (key) => refused.get(key) ?? (refused.has(key) ? null : readStored(openStorage, key)),
    setItem: change,
    removeItem: (key) => change(key, null),
    isTemporary: () => refused.size > 0,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function readStored(openStorage: () => KeyStorage, key: string): string | null {
  try {
    return openStorage().getItem(key);
  } catch {
    return null;
  }
}

/** 128 random bits. Not `crypto.randomUUID`, which browsers withhold from a page that was opened by plain http on a LAN. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** For tests. */
export function memoryStorage(): KeyStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

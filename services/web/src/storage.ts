import type { KeyStorage } from './storedValue.js';

/** Browser storage with the page's memory as fallback. */
export interface BrowserStorage extends KeyStorage {
  /** Whether a value is only in the page's memory, so that closing the page loses it. */
  isTemporary: () => boolean;
  /** @returns a function that unsubscribes */
  subscribe: (listener: () => void) => () => void;
}

/**
 * Stores values in `localStorage`. When that is full or forbidden, new values go to the page's memory, and values that are
 * already stored stay readable.
 *
 * @param openStorage reads `window.localStorage`, which throws when the browser forbids it
 */
export function browserStorage(openStorage: () => KeyStorage): BrowserStorage {
  const listeners = new Set<() => void>();
  /** Values that the browser refused to store; null for a key that it refused to remove. */
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

/** 128 random bits. `crypto.randomUUID` does not exist on pages loaded over plain http from another host. */
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

import type { KeyStorage } from './storedValue.js';

/** The browser's storage, with the page's memory as a fallback. */
export interface BrowserStorage extends KeyStorage {
  /** Whether a value exists only in the page's memory, and is lost when the page closes. */
  isTemporary: () => boolean;
  /** @returns a function that unsubscribes */
  subscribe: (listener: () => void) => () => void;
}

/**
 * Stores values in `localStorage`. If the storage is full or forbidden, keeps new values in the page's memory. The
 * values in a full storage can still be read.
 *
 * @param openStorage reads `window.localStorage`; throws if the browser forbids access
 */
export function browserStorage(openStorage: () => KeyStorage): BrowserStorage {
  const listeners = new Set<() => void>();
  /** The values that the browser refused to store. Null for a key that the browser refused to remove. */
  const unstored = new Map<string, string | null>();

  const write = (key: string, value: string | null) => {
    const wasTemporary = unstored.size > 0;
    try {
      const storage = openStorage();
      if (value === null) storage.removeItem(key);
      else storage.setItem(key, value);
      unstored.delete(key);
    } catch {
      unstored.set(key, value);
    }
    if (wasTemporary !== unstored.size > 0) for (const listener of listeners) listener();
  };
  return {
    getItem: (key) => unstored.get(key) ?? (unstored.has(key) ? null : readStored(openStorage, key)),
    setItem: write,
    removeItem: (key) => write(key, null),
    isTemporary: () => unstored.size > 0,
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

/** A storage for tests. */
export function memoryStorage(): KeyStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

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

/** For tests. */
export function memoryStorage(): KeyStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/** The members of `Storage` that the storefront uses. */
export type KeyStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** A value that survives a reload and is shared by all tabs. */
export interface SharedValue<Value> {
  /** Returns the same object until the stored text changes, as `useSyncExternalStore` requires. */
  current: () => Value;
  /** @returns a function that unsubscribes */
  subscribe: (listener: () => void) => () => void;
  /** Notifies the subscribers. It is the listener for `storage` events, which report changes by another tab. */
  onStorageEvent: () => void;
}

interface StoredValue<Value> extends SharedValue<Value> {
  /** Stores the value before the call returns. */
  set: (next: Value) => void;
}

interface StoredValueOptions<Value> {
  storage: KeyStorage;
  name: string;
  /** Must accept any input, because the shopper can edit the storage. */
  parse: (stored: unknown) => Value;
  /** Whether the value is empty. An empty value is not stored. */
  isEmpty: (value: Value) => boolean;
}

export function createStoredValue<Value>({
  storage,
  name,
  parse,
  isEmpty,
}: StoredValueOptions<Value>): StoredValue<Value> {
  const listeners = new Set<() => void>();
  let text: string | null = null;
  let value = parse(null);

  const notify = () => {
    for (const listener of listeners) listener();
  };
  return {
    current: () => {
      const stored = storage.getItem(name);
      if (stored !== text) {
        text = stored;
        value = parse(readJson(stored));
      }
      return value;
    },
    set: (next) => {
      if (isEmpty(next)) storage.removeItem(name);
      else storage.setItem(name, JSON.stringify(next));
      notify();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onStorageEvent: notify,
  };
}

function readJson(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

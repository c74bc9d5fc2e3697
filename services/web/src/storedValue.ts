/** The part of `localStorage` that is used. */
export type KeyStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** A value that outlives the page, and that every tab of the browser shares. */
export interface StoredValue<Value> {
  /** The same object until the stored text changes. */
  current: () => Value;
  /** Stored before this returns. */
  set: (next: Value) => void;
  /** @returns a function that ends the subscription */
  subscribe: (listener: () => void) => () => void;
  /** Another tab may have changed the storage. */
  changedElsewhere: () => void;
}

interface StoredValueOptions<Value> {
  storage: KeyStorage;
  name: string;
  /** Reads what the storage holds, which belongs to the shopper, who may have edited it: it must take anything. */
  parse: (stored: unknown) => Value;
  /** Whether the value says nothing, so that the storage need not keep it. */
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
    changedElsewhere: notify,
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

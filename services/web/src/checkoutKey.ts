import { isIdempotencyKey } from '@widget-store/workflows/contract';
import type { PlacedOrder } from './api.js';

/** A checkout that this browser began and whose outcome it does not know yet. */
export interface StoredCheckout {
  readonly key: string;
  /** Null until the api has answered the checkout. */
  readonly placed: Readonly<PlacedOrder> | null;
}

/** The part of `localStorage` that is used. */
export type KeyStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Keeps at most one unfinished checkout, so that a reload or a second press continues it instead of buying twice. */
export interface CheckoutKeys {
  /** The same object until the stored text changes. */
  current: () => StoredCheckout | null;
  /** The unfinished checkout, or a new one: stored before this returns. */
  begin: () => StoredCheckout;
  /** The api has answered this key with an order to pay. */
  answered: (answer: { key: string; placed: PlacedOrder }) => void;
  /** The checkout of this key came to its end without a payment. */
  endKey: (key: string) => void;
  /** It is known whether this order is paid. */
  endOrder: (orderId: string) => void;
  /** @returns a function that ends the subscription */
  subscribe: (listener: () => void) => () => void;
  /** Another tab may have changed the storage. */
  changedElsewhere: () => void;
}

const storageKey = 'widget-store.checkout';

/** @param newKey makes an idempotency key that nobody can guess */
export function createCheckoutKeys({ storage, newKey }: { storage: KeyStorage; newKey: () => string }): CheckoutKeys {
  const listeners = new Set<() => void>();
  let text: string | null = null;
  let checkout: StoredCheckout | null = null;

  const current = () => {
    const stored = storage.getItem(storageKey);
    if (stored !== text) {
      text = stored;
      checkout = parse(stored);
    }
    return checkout;
  };
  const notify = () => {
    for (const listener of listeners) listener();
  };
  const store = (next: StoredCheckout) => {
    storage.setItem(storageKey, JSON.stringify(next));
    notify();
    return next;
  };
  const end = (matches: (stored: StoredCheckout) => boolean) => {
    const stored = current();
    if (stored === null || !matches(stored)) return;
    storage.removeItem(storageKey);
    notify();
  };

  return {
    current,
    begin: () => current() ?? store({ key: newKey(), placed: null }),
    answered: ({ key, placed }) => {
      if (current()?.key === key) store({ key, placed });
    },
    endKey: (key) => end((stored) => stored.key === key),
    endOrder: (orderId) => end((stored) => stored.placed?.orderId === orderId),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changedElsewhere: notify,
  };
}

/**
 * Storage belongs to the shopper, who may have edited it: what has no key counts as none. What has a key but no readable
 * answer is asked again, and gets the same answer.
 */
function parse(text: string | null): StoredCheckout | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return null;
    const { key, placed } = value;
    if (typeof key !== 'string' || !isIdempotencyKey(key)) return null;
    return { key, placed: isObject(placed) ? parsePlaced(placed) : null };
  } catch {
    return null;
  }
}

function parsePlaced({ orderId, paymentId }: Record<string, unknown>): PlacedOrder | null {
  return typeof orderId === 'string' && typeof paymentId === 'string' ? { orderId, paymentId } : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

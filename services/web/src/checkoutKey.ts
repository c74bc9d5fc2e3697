import { isIdempotencyKey } from '@widget-store/workflows/contract';

/** A checkout that this browser began and whose outcome it does not know yet. */
export interface StoredCheckout {
  readonly key: string;
  /** Null until the api has answered the checkout. */
  readonly paymentId: string | null;
}

/** The part of `localStorage` that is used. */
export type KeyStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Keeps at most one unfinished checkout, so that a reload or a second press continues it instead of buying twice. */
export interface CheckoutKeys {
  /** The same object until the stored text changes. */
  current: () => StoredCheckout | null;
  /** The unfinished checkout, or a new one: stored before this returns. */
  begin: () => StoredCheckout;
  /** The api has answered this key with a payment. */
  answered: (answer: { key: string; paymentId: string }) => void;
  /** The checkout of this key came to its end without a payment. */
  endKey: (key: string) => void;
  /** The outcome of this payment is known. */
  endPayment: (paymentId: string) => void;
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
    begin: () => current() ?? store({ key: newKey(), paymentId: null }),
    answered: ({ key, paymentId }) => {
      if (current()?.key === key) store({ key, paymentId });
    },
    endKey: (key) => end((stored) => stored.key === key),
    endPayment: (paymentId) => end((stored) => stored.paymentId === paymentId),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changedElsewhere: notify,
  };
}

/** Storage belongs to the shopper, who may have edited it: what does not read as a checkout counts as none. */
function parse(text: string | null): StoredCheckout | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('key' in value) || !('paymentId' in value)) return null;
    const { key, paymentId } = value;
    if (typeof key !== 'string' || !isIdempotencyKey(key)) return null;
    return typeof paymentId === 'string' || paymentId === null ? { key, paymentId } : null;
  } catch {
    return null;
  }
}

import { isIdempotencyKey } from '@widget-store/contract';
import type { PlacedOrder } from './api.js';
import { type CartLines, parseLine } from './cart.js';
import { createStoredValue, isObject, type KeyStorage, type StoredValue } from './storedValue.js';

/** A checkout that this browser began and whose outcome it does not know yet. */
export interface StoredCheckout {
  readonly key: string;
  /** What it buys: the api takes a key again for the same items only. */
  readonly items: CartLines;
  /** Whether they are to leave the cart when they are ordered. */
  readonly ofCart: boolean;
  /** Null until the api has answered the checkout. */
  readonly placed: Readonly<PlacedOrder> | null;
}

/** Keeps at most one unfinished checkout, so that a reload or a second press continues it instead of buying twice. */
export interface CheckoutKeys extends Pick<
  StoredValue<StoredCheckout | null>,
  'current' | 'subscribe' | 'changedElsewhere'
> {
  /** The unfinished checkout, whatever it buys, or a new one: stored before this returns. */
  begin: (wanted: Pick<StoredCheckout, 'items' | 'ofCart'>) => StoredCheckout;
  /** The api has answered this key with an order to pay. @returns whether that was news */
  answered: (answer: { key: string; placed: PlacedOrder }) => boolean;
  /** The checkout of this key came to its end without a payment. */
  endKey: (key: string) => void;
  /** It is known whether this order is paid, or the shopper does not care any more. */
  endOrder: (orderId: string) => void;
}

/** @param newKey makes an idempotency key that nobody can guess */
export function createCheckoutKeys({ storage, newKey }: { storage: KeyStorage; newKey: () => string }): CheckoutKeys {
  const { current, set, subscribe, changedElsewhere } = createStoredValue<StoredCheckout | null>({
    storage,
    name: 'widget-store.checkout',
    parse,
    isEmpty: (checkout) => checkout === null,
  });
  const endIf = (matches: (stored: StoredCheckout) => boolean) => {
    const stored = current();
    if (stored !== null && matches(stored)) set(null);
  };
  const begin = ({ items, ofCart }: Pick<StoredCheckout, 'items' | 'ofCart'>) => {
    const checkout = { key: newKey(), items, ofCart, placed: null };
    set(checkout);
    return checkout;
  };
  return {
    current,
    subscribe,
    changedElsewhere,
    begin: (wanted) => current() ?? begin(wanted),
    answered: ({ key, placed }) => {
      const stored = current();
      if (stored?.key !== key || stored.placed !== null) return false;
      set({ ...stored, placed });
      return true;
    },
    endKey: (key) => endIf((stored) => stored.key === key),
    endOrder: (orderId) => endIf((stored) => stored.placed?.orderId === orderId),
  };
}

/** What has no key or no items counts as none. What has no readable answer is asked again, and gets the same answer. */
function parse(stored: unknown): StoredCheckout | null {
  if (!isObject(stored)) return null;
  const { key, items, ofCart, placed } = stored;
  if (typeof key !== 'string' || !isIdempotencyKey(key) || !Array.isArray(items)) return null;
  const lines = items.map(parseLine).filter((line) => line !== undefined);
  if (lines.length === 0 || lines.length !== items.length) return null;
  return { key, items: lines, ofCart: ofCart === true, placed: isObject(placed) ? parsePlaced(placed) : null };
}

function parsePlaced({ orderId, paymentId }: Record<string, unknown>): PlacedOrder | null {
  return typeof orderId === 'string' && typeof paymentId === 'string' ? { orderId, paymentId } : null;
}

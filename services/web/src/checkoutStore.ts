import { isIdempotencyKey } from '@widget-store/contract';
import type { PlacedOrder } from './api.js';
import { parseLine, type ShownLine } from './cart.js';
import { createStoredValue, isObject, type KeyStorage, type SharedValue } from './storedValue.js';

/** A checkout that this browser has started and not yet finished. */
export interface StoredCheckout {
  readonly key: string;
  /** The api accepts a repeated key only with the same items and the same total. */
  readonly items: readonly ShownLine[];
  /** The total that the shopper was shown, in minor units. */
  readonly totalMinor: number;
  /** Whether the items come from the cart. If so, they are removed from the cart after the order is placed. */
  readonly fromCart: boolean;
  /** Null until the api has answered the request. */
  readonly placed: Readonly<PlacedOrder> | null;
}

/**
 * Stores at most one unfinished checkout. A reload or a second click continues that checkout, so the shopper never buys
 * twice.
 */
export interface CheckoutStore extends SharedValue<StoredCheckout | null> {
  /** Starts and stores a checkout. If there is an unfinished checkout, returns it, even if its items differ. */
  start: (wanted: Pick<StoredCheckout, 'items' | 'totalMinor' | 'fromCart'>) => StoredCheckout;
  /** Records the api's answer. @returns false if the stored checkout has another key or already has an answer */
  recordAnswer: (answer: { key: string; placed: PlacedOrder }) => boolean;
  forgetKey: (key: string) => void;
  forgetOrder: (orderId: string) => void;
}

/** @param newKey creates an unguessable idempotency key */
export function createCheckoutStore({ storage, newKey }: { storage: KeyStorage; newKey: () => string }): CheckoutStore {
  const { current, set, subscribe, onStorageEvent } = createStoredValue<StoredCheckout | null>({
    storage,
    name: 'widget-store.checkout',
    parse,
    isEmpty: (checkout) => checkout === null,
  });
  const forgetIf = (matches: (stored: StoredCheckout) => boolean) => {
    const stored = current();
    if (stored !== null && matches(stored)) set(null);
  };
  return {
    current,
    subscribe,
    onStorageEvent,
    start: ({ items, totalMinor, fromCart }) => {
      const unfinished = current();
      if (unfinished !== null) return unfinished;
      const checkout = { key: newKey(), items, totalMinor, fromCart, placed: null };
      set(checkout);
      return checkout;
    },
    recordAnswer: ({ key, placed }) => {
      const stored = current();
      if (stored?.key !== key || stored.placed !== null) return false;
      set({ ...stored, placed });
      return true;
    },
    forgetKey: (key) => forgetIf((stored) => stored.key === key),
    forgetOrder: (orderId) => forgetIf((stored) => stored.placed?.orderId === orderId),
  };
}

/**
 * Parses a stored checkout. If only the answer (`placed`) is invalid, returns the checkout without an answer. The page
 * then sends the request again, and the api repeats its answer.
 *
 * @returns null if the checkout itself is invalid
 */
function parse(stored: unknown): StoredCheckout | null {
  if (!isObject(stored)) return null;
  const { key, items, totalMinor, fromCart, placed } = stored;
  if (typeof key !== 'string' || !isIdempotencyKey(key) || !Array.isArray(items)) return null;
  const lines = items.map(parseLine).filter(isShown);
  if (lines.length === 0 || lines.length !== items.length) return null;
  if (typeof totalMinor !== 'number') return null;
  const answer = isObject(placed) ? parsePlaced(placed) : null;
  return { key, items: lines, totalMinor, fromCart: fromCart === true, placed: answer };
}

function isShown(line: ReturnType<typeof parseLine>): line is ShownLine {
  return line?.priceMinor !== undefined;
}

function parsePlaced({ orderId, paymentId }: Record<string, unknown>): PlacedOrder | null {
  return typeof orderId === 'string' && typeof paymentId === 'string' ? { orderId, paymentId } : null;
}

import { type Cart, type Product, store, untilAnswered } from './api';

/** A checkout whose answer this browser does not have yet. */
interface StoredCheckout {
  /** The store sells once for each key, however often the request is sent. */
  key: string;
  cart: Cart;
}

const storageName = 'checkout';

/**
 * Stores a checkout of one unit at the price on the page. `finishCheckout` sends it, and continues it after a reload or
 * in a second tab.
 */
export function startCheckout({ product_id, price_minor }: Product): void {
  const cart = { items: [{ product_id, quantity: 1 }], expected_total_minor: price_minor };
  const checkout: StoredCheckout = { key: crypto.randomUUID(), cart };
  localStorage.setItem(storageName, JSON.stringify(checkout));
}

/**
 * Sends the stored checkout until the store answers, and then forgets it.
 *
 * @returns the payment id; null if no checkout is stored
 * @throws Error if the store refuses the checkout, for example because the product is sold out
 */
export async function finishCheckout(onWait: (reason: string) => void): Promise<string | null> {
  const stored = localStorage.getItem(storageName);
  if (stored === null) return null;
  const { key, cart } = JSON.parse(stored) as StoredCheckout;
  const params = { path: { idempotency_key: key } };
  const send = () => store.POST('/checkout/{idempotency_key}', { params, body: cart });
  try {
    const answer = await untilAnswered(send, { onWait });
    return typeof answer === 'string' ? answer : answer.payment_id;
  } finally {
    localStorage.removeItem(storageName);
  }
}

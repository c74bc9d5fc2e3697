import { createContext, use, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { StoreApi } from './api.js';
import type { Cart, CartLines } from './cart.js';
import type { CheckoutKeys, StoredCheckout } from './checkoutKey.js';
import type { OrderHistory } from './orderHistory.js';

/** What the pages need from outside. */
export interface Store {
  api: StoreApi;
  cart: Cart;
  checkouts: CheckoutKeys;
  history: OrderHistory;
}

const StoreContext = createContext<Store | null>(null);

export function StoreProvider({ store, children }: { store: Store; children: ReactNode }) {
  return <StoreContext value={store}>{children}</StoreContext>;
}

export function useStore(): Store {
  const store = use(StoreContext);
  if (store === null) throw new Error('useStore needs a StoreProvider above it');
  return store;
}

/** The unfinished checkout of this browser, also as other tabs change it. */
export function useStoredCheckout(): StoredCheckout | null {
  const { checkouts } = useStore();
  return useSyncExternalStore(checkouts.subscribe, checkouts.current);
}

/** The cart of this browser, also as other tabs change it. */
export function useCartLines(): CartLines {
  const { cart } = useStore();
  return useSyncExternalStore(cart.subscribe, cart.current);
}

/** The ids of the orders of this browser, newest first. */
export function useOrderIds(): readonly string[] {
  const { history } = useStore();
  return useSyncExternalStore(history.subscribe, history.current);
}

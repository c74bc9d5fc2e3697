import { createContext, use, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { StoreApi } from './api.js';
import type { Cart, CartLines } from './cart.js';
import type { CheckoutStore, StoredCheckout } from './checkoutStore.js';
import type { OrderHistory } from './orderHistory.js';
import type { BrowserStorage } from './storage.js';

/** The dependencies of the pages. */
export interface Shop {
  api: StoreApi;
  cart: Cart;
  checkouts: CheckoutStore;
  history: OrderHistory;
  storage: BrowserStorage;
}

const ShopContext = createContext<Shop | null>(null);

export function ShopProvider({ shop, children }: { shop: Shop; children: ReactNode }) {
  return <ShopContext value={shop}>{children}</ShopContext>;
}

export function useShop(): Shop {
  const shop = use(ShopContext);
  if (shop === null) throw new Error('useShop needs a ShopProvider above it');
  return shop;
}

/** The unfinished checkout of this browser. Follows changes by other tabs. */
export function useStoredCheckout(): StoredCheckout | null {
  const { checkouts } = useShop();
  return useSyncExternalStore(checkouts.subscribe, checkouts.current);
}

/** The cart of this browser. Follows changes by other tabs. */
export function useCartLines(): CartLines {
  const { cart } = useShop();
  return useSyncExternalStore(cart.subscribe, cart.current);
}

/** The ids of the orders of this browser, newest first. */
export function useOrderIds(): readonly string[] {
  const { history } = useShop();
  return useSyncExternalStore(history.subscribe, history.current);
}

/** Whether the cart or the orders exist only in this page's memory, because the browser refuses to store them. */
export function useTemporaryStorage(): boolean {
  const { storage } = useShop();
  return useSyncExternalStore(storage.subscribe, storage.isTemporary);
}

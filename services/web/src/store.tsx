import { createContext, use, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { StoreApi } from './api.js';
import type { CheckoutKeys, StoredCheckout } from './checkoutKey.js';

/** What the pages need from outside. */
export interface Store {
  api: StoreApi;
  checkouts: CheckoutKeys;
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

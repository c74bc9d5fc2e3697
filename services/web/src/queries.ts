import { QueryClient, skipToken, useIsFetching, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { StoredCheckout } from './checkoutKey.js';
import { failureCode, isAway, retryAfterMsOf } from './failures.js';
import { retryDelayMs } from './retry.js';
import { type Shop, useShop } from './shop.js';

const productPollMs = 2_000;

/** What is asked for again by itself until the store answers. `always`: a local store needs no network. */
const persistently = {
  networkMode: 'always',
  retry: (_failures: number, error: unknown) => isAway(error),
  retryDelay: (attempt: number, error: unknown) =>
    retryDelayMs({ attempt, retryAfterMs: retryAfterMsOf(error), random: Math.random() }),
} as const;

export function createQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: persistently, mutations: persistently } });
}

export function useProducts() {
  const { api } = useShop();
  return useQuery({ queryKey: ['products'], queryFn: () => api.products(), refetchInterval: productPollMs });
}

/** What does not change while a page is open. */
export function useSettings() {
  const { api } = useShop();
  return useQuery({ queryKey: ['settings'], queryFn: () => api.settings(), staleTime: Infinity });
}

/**
 * The answer of an idempotency key. A checkout is a query here, because the same key always has the same answer: asking
 * again, after a reload or from two places, is safe and is done once at a time.
 *
 * @param checkout null while there is nothing to ask
 */
export function useCheckoutAnswer(checkout: StoredCheckout | null) {
  const shop = useShop();
  const queryClient = useQueryClient();
  return useQuery({
    queryKey: ['checkout', checkout?.key],
    queryFn: checkout === null ? skipToken : () => placeOrder({ shop, checkout, queryClient }),
    staleTime: Infinity,
    gcTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

interface Placing {
  shop: Shop;
  checkout: StoredCheckout;
  queryClient: QueryClient;
}

/** What the answer changes is changed in one step, by the first page that gets it: other tabs may ask the same key. */
async function placeOrder({ shop: { api, cart, checkouts, history }, checkout, queryClient }: Placing) {
  const { key, items, ofCart } = checkout;
  try {
    const placed = await api.startCheckout({ key, items });
    history.add(placed.orderId);
    if (checkouts.answered({ key, placed }) && ofCart) cart.ordered(items);
    return placed;
  } catch (error) {
    if (!isFinalForKey(error)) throw error;
    checkouts.endKey(key);
    void queryClient.invalidateQueries({ queryKey: ['products'] });
    throw error;
  }
}

/** Whether a checkout is being asked for, which then says itself what it waits for. */
export function useIsOrdering(): boolean {
  return useIsFetching({ queryKey: ['checkout'] }) > 0;
}

/** After these no order can come of the key. A 5xx leaves that open, so the key is kept and asked again. */
export function isFinalForKey(error: unknown): boolean {
  const code = failureCode(error);
  return code === 'sold_out' || code === 'refused' || code === 'not_allowed';
}

/** Where a payment goes on: asked anew by each visit, and by itself until store and gateway answer. */
export function usePaymentPage(paymentId: string) {
  const { api } = useShop();
  return useQuery({
    queryKey: ['paymentPage', paymentId],
    queryFn: () => api.paymentPage(paymentId),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

export function useRestock() {
  const { api } = useShop();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api.restock(),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['products'] }),
  });
}

/** A cut connection is what a crash looks like from here: it counts as done, and is not asked for again. */
export function useCrash() {
  const { api } = useShop();
  return useMutation({
    mutationFn: async () => {
      try {
        await api.crash();
      } catch (error) {
        if (!isAway(error)) throw error;
      }
    },
  });
}

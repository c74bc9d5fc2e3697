import { QueryClient, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { StoredCheckout } from './checkoutKey.js';
import { failureCode, isAway, retryAfterMsOf } from './failures.js';
import { pollDelayMs, retryDelayMs } from './retry.js';
import { type Store, useStore } from './store.js';

const productPollMs = 2_000;

/** What is asked for again by itself until the store answers. `always`: a local store needs no network. */
const persistently = {
  networkMode: 'always',
  retry: (_failures: number, error: unknown) => isAway(error),
  retryDelay: (attempt: number, error: unknown) =>
    retryDelayMs({ attempt, retryAfterMs: retryAfterMsOf(error), random: Math.random() }),
} as const;

/** What is polled: a failed poll shows at once, and the next one is the retry. */
const polled = { networkMode: 'always', retry: false } as const;

export function createQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: polled, mutations: persistently } });
}

export function useProducts() {
  const { api } = useStore();
  return useQuery({
    queryKey: ['products'],
    queryFn: () => api.products(),
    refetchInterval: ({ state }) => pollDelayMs({ everyMs: productPollMs, retryAfterMs: retryAfterMsOf(state.error) }),
  });
}

/** What does not change while a page is open. */
export function useSettings() {
  const { api } = useStore();
  return useQuery({ ...persistently, queryKey: ['settings'], queryFn: () => api.settings(), staleTime: Infinity });
}

/**
 * The answer of an idempotency key. A checkout is a query here, because the same key always has the same answer: asking
 * again, after a reload or from two places, is safe and is done once at a time.
 *
 * @param checkout null while there is nothing to ask
 */
export function useCheckoutAnswer(checkout: StoredCheckout | null) {
  const store = useStore();
  const queryClient = useQueryClient();
  return useQuery({
    ...persistently,
    queryKey: ['checkout', checkout?.key],
    queryFn: checkout === null ? skipToken : () => placeOrder({ store, checkout, queryClient }),
    staleTime: Infinity,
    gcTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

interface Placing {
  store: Store;
  checkout: StoredCheckout;
  queryClient: QueryClient;
}

/** The key is answered last: when the page dies before that, everything is done again, and nothing is done twice. */
async function placeOrder({ store: { api, cart, checkouts, history }, checkout, queryClient }: Placing) {
  const { key, items, ofCart } = checkout;
  try {
    const placed = await api.startCheckout({ key, items });
    history.add(placed.orderId);
    if (ofCart) cart.ordered(items);
    checkouts.answered({ key, placed });
    return placed;
  } catch (error) {
    if (isFinalForKey(error)) checkouts.endKey(key);
    throw error;
  } finally {
    void queryClient.invalidateQueries({ queryKey: ['products'] });
  }
}

/** After these no order can come of the key. A 5xx leaves that open, so the key is kept and asked again. */
function isFinalForKey(error: unknown): boolean {
  const code = failureCode(error);
  return code === 'sold_out' || code === 'refused' || code === 'not_allowed';
}

/** Where a payment goes on: asked anew by each visit, and by itself until store and gateway answer. */
export function usePaymentPage(paymentId: string) {
  const { api } = useStore();
  return useQuery({
    ...persistently,
    queryKey: ['paymentPage', paymentId],
    queryFn: () => api.paymentPage(paymentId),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

export function useRestock() {
  const { api } = useStore();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api.restock(),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['products'] }),
  });
}

/** A cut connection is what a crash looks like from here: it counts as done, and is not asked for again. */
export function useCrash() {
  const { api } = useStore();
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

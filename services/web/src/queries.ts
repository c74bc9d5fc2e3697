import { QueryClient, skipToken, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { OrderBody } from '@widget-store/workflows/contract';
import { failureCode, isAway, retryAfterMsOf } from './failures.js';
import { orderPollMs } from './orderPoll.js';
import { pollDelayMs, retryDelayMs } from './retry.js';
import { useStore } from './store.js';

const productPollMs = 2_000;
const ordersPollMs = 5_000;

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

export function useProduct() {
  const { api } = useStore();
  return useQuery({
    queryKey: ['product'],
    queryFn: () => api.product(),
    refetchInterval: ({ state }) => pollDelayMs({ everyMs: productPollMs, retryAfterMs: retryAfterMsOf(state.error) }),
  });
}

/**
 * The answer of an idempotency key. A checkout is a query here, because the same key always has the same answer: asking
 * again, after a reload or from two places, is safe and is done once at a time.
 *
 * @param key null while there is nothing to ask
 */
export function useCheckoutAnswer(key: string | null) {
  const { api, checkouts } = useStore();
  const ask = async (asked: string) => {
    try {
      const placed = await api.startCheckout(asked);
      checkouts.answered({ key: asked, placed });
      return placed;
    } catch (error) {
      if (isFinalForKey(error)) checkouts.endKey(asked);
      throw error;
    }
  };
  return useQuery({
    ...persistently,
    queryKey: ['checkout', key],
    queryFn: key === null ? skipToken : () => ask(key),
    staleTime: Infinity,
    gcTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
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

export function useOrder(orderId: string) {
  const { api, checkouts } = useStore();
  const ask = async (): Promise<OrderBody> => {
    try {
      const order = await api.order(orderId);
      if (order.status !== 'PENDING') checkouts.endOrder(orderId);
      return order;
    } catch (error) {
      if (failureCode(error) === 'not_found') checkouts.endOrder(orderId);
      throw error;
    }
  };
  return useQuery({
    queryKey: ['order', orderId],
    queryFn: ask,
    refetchInterval: ({ state: { data, error, dataUpdateCount } }) => {
      if (error !== null && failureCode(error) === 'not_found') return false;
      const everyMs = orderPollMs({ order: data, looks: dataUpdateCount });
      return everyMs !== false && pollDelayMs({ everyMs, retryAfterMs: retryAfterMsOf(error) });
    },
  });
}

export function useCancelOrder(orderId: string) {
  const { api, checkouts } = useStore();
  const queryClient = useQueryClient();
  const queryKey = ['order', orderId];
  return useMutation({
    mutationFn: () => api.cancelOrder(orderId),
    onSuccess: async (order) => {
      checkouts.endOrder(orderId);
      // A look that began before the order was cancelled must not bring back how it stood then.
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData(queryKey, order);
    },
    onError: () => queryClient.invalidateQueries({ queryKey }),
  });
}

export function useOrders() {
  const { api } = useStore();
  return useInfiniteQuery({
    queryKey: ['orders'],
    queryFn: ({ pageParam }) => api.orders(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state }) =>
      failureCode(state.error) === 'not_allowed'
        ? false
        : pollDelayMs({ everyMs: ordersPollMs, retryAfterMs: retryAfterMsOf(state.error) }),
  });
}

export function useRestock() {
  const { api } = useStore();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api.restock(),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['product'] }),
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

import { QueryClient, skipToken, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import type { OrderBody } from '@widget-store/workflows/contract';
import { useEffect, useState } from 'react';
import type { StoredCheckout } from './checkoutKey.js';
import { useVisible } from './browserState.js';
import { failureCode, isAway, retryAfterMsOf } from './failures.js';
import { changesStill, orderPollMs } from './orderPoll.js';
import { followOrder } from './orderStream.js';
import { pollDelayMs, retryDelayMs } from './retry.js';
import { type Store, useStore } from './store.js';

const productPollMs = 2_000;
const historyPollMs = 2_000;

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

const orderKey = (orderId: string) => ['order', orderId];

/** @param isLive whether changes arrive by themselves, so that there is nothing to poll for */
function orderQuery({ store, orderId, isLive }: { store: Store; orderId: string; isLive: boolean }) {
  return {
    queryKey: orderKey(orderId),
    queryFn: async () => {
      try {
        return seen(store, await store.api.order(orderId));
      } catch (error) {
        if (failureCode(error) === 'not_found') store.checkouts.endOrder(orderId);
        throw error;
      }
    },
    refetchInterval: ({ state: { data, error, dataUpdateCount } }: OrderLook) => {
      if (isLive || isUnknown(error)) return false;
      const everyMs = orderPollMs({ order: data, looks: dataUpdateCount });
      return everyMs !== false && pollDelayMs({ everyMs, retryAfterMs: retryAfterMsOf(error) });
    },
  };
}

interface OrderLook {
  state: { data: OrderBody | undefined; error: Error | null; dataUpdateCount: number };
}

function isUnknown(error: unknown): boolean {
  return error !== null && failureCode(error) === 'not_found';
}

/** A checkout whose order is known to be paid, or never to be, is unfinished no longer. */
function seen({ checkouts }: Store, order: OrderBody): OrderBody {
  if (order.status !== 'PENDING') checkouts.endOrder(order.order_id);
  return order;
}

/** An order, looked at again and again as long as it can change. */
export function useOrder(orderId: string) {
  const store = useStore();
  return useQuery(orderQuery({ store, orderId, isLive: false }));
}

/** Several orders; those that are on their way are looked at again. @returns a result for each, in their order */
export function useOrdersOf(orderIds: readonly string[]) {
  const store = useStore();
  const queries = orderIds.map((orderId) => ({
    ...orderQuery({ store, orderId, isLive: false }),
    refetchInterval: ({ state: { data, error } }: OrderLook) =>
      data?.status === 'PENDING' || data?.status === 'PAID' || isAway(error)
        ? pollDelayMs({ everyMs: historyPollMs, retryAfterMs: retryAfterMsOf(error) })
        : false,
  }));
  return useQueries({ queries });
}

/** An order, each change of which arrives by itself; it is polled for only while the stream is broken. */
export function useLiveOrder(orderId: string) {
  const store = useStore();
  const queryClient = useQueryClient();
  const isVisible = useVisible();
  const [isLive, setLive] = useState(false);
  const query = useQuery(orderQuery({ store, orderId, isLive }));
  const isWatched = isVisible && !isUnknown(query.error) && changesStill(query.data);
  useEffect(() => {
    if (!isWatched) return undefined;
    return followOrder({
      orderId,
      open: (address) => new EventSource(address),
      onOrder: (data) => void show({ store, queryClient, orderId, data }),
      onLive: setLive,
    });
  }, [store, queryClient, orderId, isWatched]);
  return query;
}

interface ShownOrder {
  store: Store;
  queryClient: QueryClient;
  orderId: string;
  /** From our own api, whose answers have the contract's types. */
  data: string;
}

/** A look that began before this change must not bring back how the order stood then. */
async function show({ store, queryClient, orderId, data }: ShownOrder): Promise<void> {
  await queryClient.cancelQueries({ queryKey: orderKey(orderId) });
  queryClient.setQueryData<OrderBody>(orderKey(orderId), seen(store, JSON.parse(data)));
}

export function useCancelOrder(orderId: string) {
  const { api, checkouts } = useStore();
  const queryClient = useQueryClient();
  const queryKey = orderKey(orderId);
  return useMutation({
    mutationFn: () => api.cancelOrder(orderId),
    onSuccess: async (order) => {
      checkouts.endOrder(orderId);
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData(queryKey, order);
    },
    onError: () => queryClient.invalidateQueries({ queryKey }),
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

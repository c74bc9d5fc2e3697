import { type QueryClient, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import type { OrderBody } from '@widget-store/workflows/contract';
import { useEffect, useState } from 'react';
import { useVisible } from './browserState.js';
import { failureCode, isAway, retryAfterMsOf } from './failures.js';
import { changesStill, orderPollMs } from './orderPoll.js';
import { followOrder } from './orderStream.js';
import { pollDelayMs } from './retry.js';
import { type Store, useStore } from './store.js';

const historyPollMs = 2_000;

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

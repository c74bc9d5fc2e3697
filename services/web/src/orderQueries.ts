import { type QueryClient, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import type { OrderBody } from '@widget-store/api';
import { useEffect, useState } from 'react';
import { useVisible } from './browserState.js';
import { failureCode } from './failures.js';
import { changesStill, orderPollMs } from './orderPoll.js';
import { followOrder } from './orderStream.js';
import { type Shop, useShop } from './shop.js';

const historyPollMs = 2_000;

const orderKey = (orderId: string) => ['order', orderId];

/** @param isLive whether changes arrive by themselves, so that there is nothing to poll for */
function orderQuery({ shop, orderId, isLive }: { shop: Shop; orderId: string; isLive: boolean }) {
  return {
    queryKey: orderKey(orderId),
    queryFn: async () => {
      try {
        return seen(shop, await shop.api.order(orderId));
      } catch (error) {
        if (failureCode(error) === 'not_found') shop.checkouts.endOrder(orderId);
        throw error;
      }
    },
    refetchInterval: ({ state: { data, error, dataUpdateCount } }: OrderLook) =>
      !isLive && !isUnknown(error) && orderPollMs({ order: data, looks: dataUpdateCount }),
  };
}

interface OrderLook {
  state: { data: OrderBody | undefined; error: Error | null; dataUpdateCount: number };
}

function isUnknown(error: unknown): boolean {
  return error !== null && failureCode(error) === 'not_found';
}

/** A checkout whose order is known to be paid, or never to be, is unfinished no longer. */
function seen({ checkouts }: Shop, order: OrderBody): OrderBody {
  if (order.status !== 'PENDING') checkouts.endOrder(order.order_id);
  return order;
}

/** An order, looked at again and again as long as it can change. */
export function useOrder(orderId: string) {
  const shop = useShop();
  return useQuery(orderQuery({ shop, orderId, isLive: false }));
}

/** Several orders; those that are on their way are looked at again. @returns a result for each, in their order */
export function useOrdersOf(orderIds: readonly string[]) {
  const shop = useShop();
  const queries = orderIds.map((orderId) => ({
    ...orderQuery({ shop, orderId, isLive: false }),
    refetchInterval: ({ state: { data } }: OrderLook) =>
      (data?.status === 'PENDING' || data?.status === 'PAID') && historyPollMs,
  }));
  return useQueries({ queries });
}

/** An order, each change of which arrives by itself; it is polled for only while the stream is broken. */
export function useLiveOrder(orderId: string) {
  const shop = useShop();
  const queryClient = useQueryClient();
  const isVisible = useVisible();
  const [isLive, setLive] = useState(false);
  const query = useQuery(orderQuery({ shop, orderId, isLive }));
  const isWatched = isVisible && !isUnknown(query.error) && changesStill(query.data);
  useEffect(() => {
    if (!isWatched) return undefined;
    return followOrder({
      orderId,
      open: (address) => new EventSource(address),
      onOrder: (data) => void show({ shop, queryClient, orderId, data }),
      onLive: (live) => {
        setLive(live);
        // Nothing may have changed meanwhile, and then nothing is told: what the page says of a failed look must end.
        if (live) void queryClient.invalidateQueries({ queryKey: orderKey(orderId) });
      },
    });
  }, [shop, queryClient, orderId, isWatched]);
  return query;
}

interface ShownOrder {
  shop: Shop;
  queryClient: QueryClient;
  orderId: string;
  /** From our own api, whose answers have the contract's types. */
  data: string;
}

/** A look that began before this change must not bring back how the order stood then. */
async function show({ shop, queryClient, orderId, data }: ShownOrder): Promise<void> {
  const order = parseOrder(data);
  if (order === undefined) return;
  await queryClient.cancelQueries({ queryKey: orderKey(orderId) });
  queryClient.setQueryData<OrderBody>(orderKey(orderId), seen(shop, order));
}

/** Undefined for what a proxy has cut off: the next event is whole again. */
function parseOrder(data: string): OrderBody | undefined {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

export function useCancelOrder(orderId: string) {
  const { api, checkouts } = useShop();
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

import { type QueryClient, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import type { OrderBody } from '@widget-store/api';
import { useEffect, useState } from 'react';
import { useVisible } from './browserState.js';
import { isNotFound } from './failures.js';
import { canChange, orderPollMs } from './orderPoll.js';
import { followOrder } from './orderStream.js';
import { type Shop, useShop } from './shop.js';

const historyPollMs = 2_000;

const orderKey = (orderId: string) => ['order', orderId];

/** @param isLive true if the stream delivers the changes, so that polling is not needed */
function orderQuery({ shop, orderId, isLive }: { shop: Shop; orderId: string; isLive: boolean }) {
  return {
    queryKey: orderKey(orderId),
    queryFn: async () => {
      try {
        const order = await shop.api.order(orderId);
        forgetIfSettled(shop, order);
        return order;
      } catch (error) {
        if (isNotFound(error)) shop.checkouts.forgetOrder(orderId);
        throw error;
      }
    },
    refetchInterval: ({ state: { data, error, dataUpdateCount } }: QueryState) =>
      !isLive && !isNotFound(error) && orderPollMs({ order: data, polls: dataUpdateCount }),
  };
}

interface QueryState {
  state: { data: OrderBody | undefined; error: Error | null; dataUpdateCount: number };
}

/** Removes the stored checkout of an order that is paid or cancelled. */
function forgetIfSettled({ checkouts }: Shop, order: OrderBody): void {
  if (order.status !== 'PENDING') checkouts.forgetOrder(order.order_id);
}

/** Reads an order, and polls it as long as `canChange` is true. */
export function useOrder(orderId: string) {
  const shop = useShop();
  return useQuery(orderQuery({ shop, orderId, isLive: false }));
}

/**
 * Reads several orders, and polls those that are pending or paid.
 *
 * @returns one result per id, in the sequence of the ids
 */
export function useOrders(orderIds: readonly string[]) {
  const shop = useShop();
  const queries = orderIds.map((orderId) => ({
    ...orderQuery({ shop, orderId, isLive: false }),
    refetchInterval: ({ state: { data } }: QueryState) =>
      (data?.status === 'PENDING' || data?.status === 'PAID') && historyPollMs,
  }));
  return useQueries({ queries });
}

/** Reads an order and follows its changes by server-sent events. Polls the order only while no events arrive. */
export function useLiveOrder(orderId: string) {
  const shop = useShop();
  const queryClient = useQueryClient();
  const isVisible = useVisible();
  const [isLive, setIsLive] = useState(false);
  const query = useQuery(orderQuery({ shop, orderId, isLive }));
  // An operator can erase the buyer at any time. A page that shows the buyer therefore follows the order even if
  // `canChange` is false.
  const isWatched = isVisible && !isNotFound(query.error) && (canChange(query.data) || Boolean(query.data?.ship_to));
  useEffect(() => {
    if (!isWatched) return undefined;
    return followOrder({
      orderId,
      open: (address) => new EventSource(address),
      onOrder: (data) => void applyOrderEvent({ shop, queryClient, orderId, data }),
      onLive: (live) => {
        setIsLive(live);
        // After a failed poll, the page shows an error. A stream that has reconnected sends the order only when the
        // order changes, so without this request the page would show the error until the next change.
        if (live) void queryClient.invalidateQueries({ queryKey: orderKey(orderId) });
      },
    });
  }, [shop, queryClient, orderId, isWatched]);
  return query;
}

interface OrderEvent {
  shop: Shop;
  queryClient: QueryClient;
  orderId: string;
  /** The order as JSON. It comes from the api, so the page does not validate it. */
  data: string;
}

/**
 * Puts a changed order into the cache. First cancels a running request for the order, because its answer can be older
 * than the changed order.
 */
async function applyOrderEvent({ shop, queryClient, orderId, data }: OrderEvent): Promise<void> {
  const order = parseOrder(data);
  if (order === undefined) return;
  await queryClient.cancelQueries({ queryKey: orderKey(orderId) });
  forgetIfSettled(shop, order);
  queryClient.setQueryData<OrderBody>(orderKey(orderId), order);
}

/** @returns undefined if a proxy has truncated the event; the next event has the whole order again */
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
      checkouts.forgetOrder(orderId);
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData(queryKey, order);
    },
    onError: () => queryClient.invalidateQueries({ queryKey }),
  });
}

import type { ProductBody } from '@widget-store/api';
import { QueryClient, skipToken, useIsFetching, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { StoredCheckout } from './checkoutStore.js';
import { failureCode, ignoreUnavailable, isRetryable, retryAfterMsOf } from './failures.js';
import { retryDelayMs } from './retry.js';
import { type Shop, useShop } from './shop.js';

const productPollMs = 2_000;

/**
 * Retries until the store answers. Also retries while the browser is offline (`always`), because a store on this device
 * needs no network.
 */
const retryUntilAvailable = {
  networkMode: 'always',
  retry: (_failures: number, error: unknown) => isRetryable(error),
  retryDelay: (attempt: number, error: unknown) =>
    retryDelayMs({ attempt, retryAfterMs: retryAfterMsOf(error), random: Math.random() }),
} as const;

export function createQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: retryUntilAvailable, mutations: retryUntilAvailable } });
}

/** @param cursor null for the first page of the catalogue */
export function useProductPage(cursor: string | null) {
  const { api } = useShop();
  return useQuery({
    queryKey: ['products', 'page', cursor],
    queryFn: () => api.productPage(cursor),
    refetchInterval: productPollMs,
  });
}

/**
 * Reads the products of a cart. After the shopper removes a product, returns the answer of the previous request until
 * the next answer arrives.
 */
export function useProductsById(productIds: readonly number[]) {
  const { api } = useShop();
  const ids = [...new Set(productIds)].toSorted((a, b) => a - b);
  return useQuery({
    queryKey: ['products', 'ids', ...ids],
    queryFn: ids.length === 0 ? skipToken : () => api.productsById(ids),
    refetchInterval: productPollMs,
    placeholderData: (products: ProductBody[] | undefined, before) =>
      ids.every((id) => before?.queryKey.includes(id)) ? products : undefined,
  });
}

/** The store's settings. A page reads them only once. */
export function useSettings() {
  const { api } = useShop();
  return useQuery({ queryKey: ['settings'], queryFn: () => api.settings(), staleTime: Infinity });
}

/**
 * Starts a checkout and returns the api's answer. The request is a query and not a mutation, because the same key
 * always gets the same answer. The request is safe to repeat, and React Query sends only one request per key at a time.
 *
 * @param checkout null while there is no checkout to start
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

interface PlaceOrderOptions {
  shop: Shop;
  checkout: StoredCheckout;
  queryClient: QueryClient;
}

/** Several tabs can send the same key. Only the first tab that receives the answer removes the items from the cart. */
async function placeOrder({ shop: { api, cart, checkouts, history }, checkout, queryClient }: PlaceOrderOptions) {
  const { key, items, fromCart } = checkout;
  try {
    const placed = await api.startCheckout(checkout);
    history.add(placed.orderId);
    if (checkouts.recordAnswer({ key, placed }) && fromCart) cart.removeOrdered(items);
    return placed;
  } catch (error) {
    if (!isFinalForKey(error)) throw error;
    checkouts.forgetKey(key);
    void queryClient.invalidateQueries({ queryKey: ['products'] });
    throw error;
  }
}

/** Whether a checkout request is running. */
export function useIsPlacingOrder(): boolean {
  return useIsFetching({ queryKey: ['checkout'] }) > 0;
}

/**
 * Whether the api has answered that the checkout has failed. The page then forgets the key. After a 5xx, the api has
 * possibly placed the order, so the page keeps the key.
 */
export function isFinalForKey(error: unknown): boolean {
  const code = failureCode(error);
  return code === 'sold_out' || code === 'total_changed' || code === 'refused' || code === 'not_allowed';
}

/** Asks for the gateway's page of a payment at each visit, and retries until both the store and the gateway answer. */
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

export function useCrash() {
  const { api } = useShop();
  return useMutation({ mutationFn: () => api.crash().catch(ignoreUnavailable) });
}

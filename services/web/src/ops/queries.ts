import { type InfiniteData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { OrderReportBody } from '@widget-store/api';
import { failureCode, ignoreUnavailable, retryAfterMsOf } from '../failures.js';
import { pollDelayMs } from '../retry.js';
import { outcomeOf } from './actionOutcome.js';
import { createOpsApi, type OrderReport, type OpsSearch } from './api.js';
import type { RefundRequest, ReturnRequest, ShipmentCorrection, ShipRequest } from './orderApi.js';
import { noFilter } from './orderSearch.js';
import type { ProductFields } from './productApi.js';
import { opsTexts } from './texts.js';
import { useAdminToken } from './token.js';

const api = createOpsApi((input, init) => fetch(input, init));
const slowPollMs = 5_000;
const fastPollMs = 1_000;

/** The options of queries that poll every five seconds. */
const pollOptions = {
  retry: false,
  refetchInterval: ({ state }: { state: { error: Error | null } }) => nextPollMs(state.error, slowPollMs),
};

/** @returns milliseconds, or false if the api denies access or the order does not exist */
function nextPollMs(error: Error | null, intervalMs: number): number | false {
  if (['not_allowed', 'not_found'].includes(error === null ? '' : failureCode(error))) return false;
  return pollDelayMs({ intervalMs, retryAfterMs: retryAfterMsOf(error) });
}

/**
 * Reads a list page by page, and polls the pages that it has read.
 *
 * @param read gets null for the first page
 * @param keepsPrevious whether to return the list of the previous key until the list of a changed key arrives
 */
function usePages<Page extends { nextCursor: string | null }>(
  key: unknown[],
  read: (cursor: string | null) => Promise<Page>,
  keepsPrevious = false,
) {
  const token = useAdminToken();
  return useInfiniteQuery({
    ...pollOptions,
    queryKey: ['ops', token, ...key],
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    // Another token can belong to somebody who must not see this list.
    placeholderData: (pages: InfiniteData<Page, string | null> | undefined, before?: { queryKey: unknown[] }) =>
      keepsPrevious && before?.queryKey[1] === token ? pages : undefined,
  });
}

/** Finds orders. Until the answer to a changed search arrives, returns the orders of the previous search. */
export function useOpsOrders(search: OpsSearch) {
  return usePages(['orders', search], (cursor) => api.orders(search, cursor), true);
}

/** Who uses the page. Undefined until the api has answered. */
export function useOperator() {
  const token = useAdminToken();
  return useQuery({
    retry: false,
    staleTime: Infinity,
    queryKey: ['operator', token],
    queryFn: () => api.operator(),
  }).data;
}

/** Why the operator can change nothing; null if the operator can make changes. */
export function useReadOnlyReason(): string | null {
  return useOperator()?.access === 'read' ? opsTexts.operator.readOnly : null;
}

export function useOrdersFile() {
  return useMutation({ retry: false, mutationFn: (search: OpsSearch) => api.exportOrders(search) });
}

export function useOrderCounts() {
  const token = useAdminToken();
  return useQuery({ ...pollOptions, queryKey: ['ops', token, 'counts'], queryFn: () => api.counts() });
}

export function useAnomalies() {
  const token = useAdminToken();
  return useQuery({ ...pollOptions, queryKey: ['ops', token, 'anomalies'], queryFn: () => api.anomalies() });
}

export function useAttention() {
  const token = useAdminToken();
  return useQuery({ ...pollOptions, queryKey: ['ops', token, 'attention'], queryFn: () => api.attention() });
}

const orderKey = (token: string | null, orderId: string) => ['ops', token, 'order', orderId];

/** Reads the report of an order. Polls faster while a refund waits for the gateway. */
export function useOrderReport(orderId: string) {
  const token = useAdminToken();
  return useQuery({
    retry: false,
    refetchInterval: ({ state: { error, data } }) => nextPollMs(error, isRefunding(data) ? fastPollMs : slowPollMs),
    queryKey: orderKey(token, orderId),
    queryFn: () => api.report(orderId),
  });
}

function isRefunding(report: OrderReportBody | undefined): boolean {
  const refunds = report?.order.refunds ?? [];
  return refunds.some(({ status, gateway_refund_id: gatewayId }) => status === 'pending' && gatewayId === null);
}

/**
 * Reads the oldest order to ship, except for the given one. Null if there is none.
 *
 * @param orderId the order that the operator has just shipped
 */
export function useNextToShip(orderId: string) {
  const token = useAdminToken();
  return useQuery({
    retry: false,
    queryKey: ['ops', token, 'next to ship', orderId],
    queryFn: async () => {
      const { orders } = await api.orders({ ...noFilter, toShip: true }, null);
      return orders.find(({ order_id: id }) => id !== orderId) ?? null;
    },
  });
}

export function useProducts() {
  return usePages(['products'], (cursor) => api.products(cursor));
}

/** Reads a product without polling, so that its version remains the one that the operator has seen. */
export function useProduct(productId: number) {
  return useQuery({
    retry: false,
    staleTime: Infinity,
    refetchOnMount: 'always',
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    queryKey: ['product', productId],
    queryFn: () => api.product(productId),
  });
}

export interface ProductToSave {
  fields: ProductFields;
  /** The version that the operator has seen, or the currency and the idempotency key of a product to create. */
  target: { productId: number; version: string } | { currency: string; key: string };
}

/** Creates or changes a product. */
export function useSaveProduct() {
  return useMutation({
    retry: false,
    mutationFn: async ({ fields, target }: ProductToSave): Promise<{ productId: number; version: string | null }> => {
      if ('currency' in target) {
        const { product_id: productId } = await api.createProduct({ fields, ...target });
        return { productId, version: null };
      }
      return { productId: target.productId, version: await api.changeProduct({ fields, ...target }) };
    },
  });
}

export function useStockLevel(productId: number) {
  const token = useAdminToken();
  const queryKey = ['ops', token, 'stock level', productId];
  return useQuery({ ...pollOptions, queryKey, queryFn: () => api.stockLevel(productId) });
}

export function useStockBook(productId: number) {
  return usePages(['stock', productId], (cursor) => api.stockBook(productId, cursor));
}

export function useStockFile() {
  return useMutation({ retry: false, mutationFn: (productId: number) => api.stockFile(productId) });
}

export function useAllStockFile() {
  return useMutation({ retry: false, mutationFn: (period: { from: string; to: string }) => api.allStockFile(period) });
}

export function useAdjustStock() {
  const queryClient = useQueryClient();
  return useMutation({
    retry: false,
    mutationFn: (request: Parameters<typeof api.adjustStock>[0]) => api.adjustStock(request),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['ops'] }),
  });
}

/**
 * An action that the operator starts. Every action is safe to repeat, but the page does not retry it automatically: the
 * operator sees the result and decides.
 */
export type OpsAction =
  | { name: 'cancel'; orderId: string }
  | { name: 'erase'; orderId: string }
  | { name: 'refund'; orderId: string; request: RefundRequest; key: string }
  | { name: 'return'; orderId: string; request: ReturnRequest; key: string }
  | { name: 'settle'; orderId: string; refundId: string; note: string }
  | { name: 'keepMoney'; orderId: string }
  | { name: 'ship'; orderId: string; request: ShipRequest }
  | ({ name: 'correctShipment' } & ShipmentCorrection)
  | { name: 'redeliver'; eventId: string }
  | { name: 'redeliverAll' }
  | { name: 'receive'; productId: number; change: number; key: string }
  | { name: 'restock' }
  | { name: 'crash'; process: 'api' | 'worker' };

/** Runs an action. After a failure, also says what the store has recorded. */
export function useOpsAction() {
  const queryClient = useQueryClient();
  const token = useAdminToken();
  const keyOf = (orderId: string) => orderKey(token, orderId);
  const mutation = useMutation({
    retry: false,
    mutationFn: runAction,
    onMutate: (action) => ({ before: queryClient.getQueryData<OrderReport>(keyOf(orderIdOf(action))) }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['ops'] }),
  });
  const { mutate, reset, isPending, status, variables: action, error, context } = mutation;
  const orderId = action === undefined ? '' : orderIdOf(action);
  // Another query of the page reads the order. This query only follows the result.
  const order = useQuery({ queryKey: keyOf(orderId), queryFn: () => api.report(orderId), enabled: false });
  const outcome =
    error === null || action === undefined
      ? { recorded: null, problem: null }
      : outcomeOf({ action, error, before: context?.before, now: order.data, isRead: order.error === null });
  return { mutate, reset, isPending, status, variables: action, ...outcome };
}

/** Empty if the action concerns no order. */
function orderIdOf(action: OpsAction): string {
  return 'orderId' in action ? action.orderId : '';
}

async function runAction(action: OpsAction): Promise<void> {
  switch (action.name) {
    case 'cancel':
      return api.cancel(action.orderId);
    case 'erase':
      return api.eraseBuyer(action.orderId);
    case 'refund':
      return api.refund(action);
    case 'return':
      return api.returnItems(action);
    case 'settle':
      return api.settle(action);
    case 'keepMoney':
      return api.keepMoney(action.orderId);
    case 'ship':
      return api.ship(action);
    case 'correctShipment':
      return api.correctShipment(action);
    case 'redeliver':
      return api.redeliver(action.eventId);
    case 'redeliverAll':
      return api.redeliverAll();
    case 'receive':
      return api.adjustStock({ ...action, adjustment: { change: action.change, reason: 'received' } });
    case 'restock':
      return api.restock();
    case 'crash':
      return action.process === 'api' ? api.crash('api').catch(ignoreUnavailable) : api.crash('worker');
    default:
      return action satisfies never;
  }
}

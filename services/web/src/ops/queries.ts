import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { failureCode, ignoreUnavailable, retryAfterMsOf } from '../failures.js';
import { pollDelayMs } from '../retry.js';
import { createOpsApi, type OpsSearch, type RefundRequest } from './api.js';
import { useAdminToken } from './token.js';

const api = createOpsApi((input, init) => fetch(input, init));
const pollMs = 5_000;

/** The options of queries that poll every five seconds. Polling stops if the api denies access or the order does not exist. */
const pollOptions = {
  retry: false,
  refetchInterval: ({ state: { error } }: { state: { error: Error | null } }) =>
    ['not_allowed', 'not_found'].includes(error === null ? '' : failureCode(error))
      ? (false as const)
      : pollDelayMs({ intervalMs: pollMs, retryAfterMs: retryAfterMsOf(error) }),
};

export function useOpsOrders(search: OpsSearch) {
  const token = useAdminToken();
  return useInfiniteQuery({
    ...pollOptions,
    queryKey: ['ops', token, 'orders', search],
    queryFn: ({ pageParam }) => api.orders(search, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

export function useOrderCounts() {
  const token = useAdminToken();
  return useQuery({ ...pollOptions, queryKey: ['ops', token, 'counts'], queryFn: () => api.counts() });
}

export function useAnomalies() {
  const token = useAdminToken();
  return useQuery({ ...pollOptions, queryKey: ['ops', token, 'anomalies'], queryFn: () => api.anomalies() });
}

export function useOrderReport(orderId: string) {
  const token = useAdminToken();
  return useQuery({ ...pollOptions, queryKey: ['ops', token, 'order', orderId], queryFn: () => api.report(orderId) });
}

/**
 * Every action is idempotent. The page does not retry an action automatically: the operator sees the result and
 * decides.
 */
export type OpsAction =
  | { name: 'cancel'; orderId: string }
  | { name: 'refund'; orderId: string; request: RefundRequest; key: string }
  | { name: 'restock' }
  | { name: 'crash'; process: 'api' | 'worker' };

export function useOpsAction() {
  const queryClient = useQueryClient();
  return useMutation({
    retry: false,
    mutationFn: runAction,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['ops'] }),
  });
}

async function runAction(action: OpsAction): Promise<void> {
  switch (action.name) {
    case 'cancel':
      return api.cancel(action.orderId);
    case 'refund':
      return api.refund(action);
    case 'restock':
      return api.restock();
    case 'crash':
      return action.process === 'api' ? api.crash('api').catch(ignoreUnavailable) : api.crash('worker');
    default:
      return action satisfies never;
  }
}

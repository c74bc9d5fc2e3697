import type { AppType, AnomaliesBody, OpsOrderBody, OrderCountsBody, OrderReportBody } from '@widget-store/api';
import type { OrderStatus } from '@widget-store/contract';
import { hc } from 'hono/client';
import { sendWholeAnswers } from '../api.js';
import { nextCursor } from '../linkHeader.js';
import { adminToken } from './token.js';

export interface OpsSearch {
  query: string;
  status: OrderStatus | null;
}

interface OpsOrdersPage {
  orders: OpsOrderBody[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/** The api calls of the operations pages. `failureCode` classifies what they reject with. */
export interface OpsApi {
  /** @param cursor null for the newest orders */
  orders(search: OpsSearch, cursor: string | null): Promise<OpsOrdersPage>;
  counts(): Promise<OrderCountsBody>;
  report(orderId: string): Promise<OrderReportBody>;
  anomalies(): Promise<AnomaliesBody>;
  cancel(orderId: string): Promise<void>;
  refund(orderId: string): Promise<void>;
  restock(): Promise<void>;
  crash(process: 'api' | 'worker'): Promise<void>;
}

const ordersPerPage = '20';

/** @param send the browser's fetch */
export function createOpsApi(send: typeof fetch): OpsApi {
  const sendAsAdmin = sendWholeAnswers(withToken(send));
  const client = hc<AppType>('/', { fetch: sendAsAdmin });
  return {
    orders: async ({ query, status }, cursor) => {
      const asked = {
        limit: ordersPerPage,
        ...(query === '' ? {} : { query }),
        ...(status === null ? {} : { status }),
        ...(cursor === null ? {} : { cursor }),
      };
      const answer = await client.ops.orders.$get({ query: asked });
      return { orders: await answer.json(), nextCursor: nextCursor(answer.headers.get('link')) };
    },
    counts: async () => (await client.ops.summary.$get({})).json(),
    report: async (orderId) => (await client.ops.orders[':order_id'].$get(orderParam(orderId))).json(),
    anomalies: async () => (await client.ops.anomalies.$get({})).json(),
    cancel: async (orderId) => {
      await client.order[':order_id'].cancel.$post(orderParam(orderId));
    },
    refund: async (orderId) => {
      await client.order[':order_id'].refund.$post(orderParam(orderId));
    },
    restock: async () => {
      await client.restock.$post();
    },
    // This route exists in demo mode only, so `AppType` does not contain it.
    crash: async (process) => {
      await sendAsAdmin(`/ops/crash/${process}`, { method: 'POST' });
    },
  };
}

function withToken(send: typeof fetch): typeof fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    const token = adminToken();
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    return send(input, { ...init, headers });
  };
}

function orderParam(orderId: string) {
  return { param: { order_id: encodeURIComponent(orderId) } };
}

import type { AppType, OpsOrderBody, OrderReportBody } from '@widget-store/api';
import type { OrderStatus } from '@widget-store/contract';
import { hc } from 'hono/client';
import { checkedFetch } from '../api.js';
import { cursorOf } from '../linkHeader.js';
import { startOfDay } from './days.js';
import { createOrderApi, orderParam } from './orderApi.js';
import { createProductApi, wholeFile, withBody } from './productApi.js';
import { type CsvFile, readCsvFile } from './saveFile.js';
import { getAdminToken } from './token.js';

export interface OpsSearch {
  query: string;
  status: OrderStatus | null;
  /** Only the paid orders that wait to be shipped, oldest first. */
  toShip: boolean;
  /**
   * The first and the last day on which the orders were placed, such as `2026-01-31`, in the time zone of the browser.
   * Null for no limit.
   */
  from: string | null;
  to: string | null;
}

/** The report and the version of an order. A correction of the shipment sends the version back. */
export interface OrderReport extends OrderReportBody {
  version: string;
}

export interface OpsOrdersPage {
  orders: OpsOrderBody[];
  /** Null on the last page. */
  nextCursor: string | null;
}

const ordersPerPage = '20';

/**
 * The api calls of the operations pages. If a call rejects, `failureCode` returns the code of its error.
 *
 * @param send the browser's fetch
 */
export function createOpsApi(send: typeof fetch) {
  const sendAsAdmin = checkedFetch(withToken(send));
  const client = hc<AppType>('/', { fetch: sendAsAdmin });
  return {
    /** @param cursor null for the first page */
    orders: async (search: OpsSearch, cursor: string | null): Promise<OpsOrdersPage> => {
      const query = { ...filterOf(search), limit: ordersPerPage, ...(cursor === null ? {} : { cursor }) };
      const answer =
        search.query === ''
          ? await client.ops.orders.$get({ query })
          : // The body keeps e-mails and names out of the logs of proxies.
            await client.ops.orders.search.$post({ query }, withBody({ text: search.query }));
      return { orders: await answer.json(), nextCursor: cursorOf(answer.headers.get('link'), 'next') };
    },
    /** @returns a CSV file with all orders that the search finds */
    exportOrders: async (search: OpsSearch): Promise<CsvFile> => {
      const query = filterOf(search);
      const file = client.ops['orders.csv'];
      const answer =
        search.query === ''
          ? file.$get({ query }, { init: wholeFile() })
          : file.$post({ query }, withBody({ text: search.query }, wholeFile()));
      return readCsvFile(await answer);
    },
    operator: async () => (await client.ops.operator.$get({})).json(),
    counts: async () => (await client.ops.summary.$get({})).json(),
    /** Reads the report of an order and its version, which `correctShipment` needs. */
    report: async (orderId: string): Promise<OrderReport> => {
      const answer = await client.ops.orders[':order_id'].$get(orderParam(orderId));
      return { ...(await answer.json()), version: answer.headers.get('etag') ?? '' };
    },
    attention: async () => (await client.ops.attention.$get({})).json(),
    anomalies: async () => (await client.ops.anomalies.$get({})).json(),
    ...createOrderApi(client),
    /** Sends a failed event again. Safe to repeat. Rejects with the code `not_found` after the event is delivered. */
    redeliver: async (eventId: string) => {
      await client.ops.events[':event_id'].redeliver.$post({ param: { event_id: encodeURIComponent(eventId) } });
    },
    /** Sends all failed events again. Safe to repeat. */
    redeliverAll: async () => {
      await client.ops.events.redeliver.$post({});
    },
    ...createProductApi(client),
    restock: async () => {
      await client.restock.$post();
    },
    // This route exists in demo mode only, so `AppType` does not contain it.
    crash: async (process: 'api' | 'worker') => {
      await sendAsAdmin(`/ops/crash/${process}`, { method: 'POST' });
    },
  };
}

function filterOf({ status, toShip, from, to }: OpsSearch) {
  return {
    ...(status === null ? {} : { status }),
    ...(toShip ? ({ to_ship: 'true' } as const) : {}),
    ...(from === null ? {} : { placed_from: startOfDay(from) }),
    ...(to === null ? {} : { placed_before: startOfDay(to, 1) }),
  };
}

function withToken(send: typeof fetch): typeof fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    const token = getAdminToken();
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    return send(input, { ...init, headers });
  };
}

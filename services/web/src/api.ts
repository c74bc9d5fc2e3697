import type { AppType, OrderBody, ProductBody, SettingsBody } from '@widget-store/api';
import { hc } from 'hono/client';
import type { StoredCheckout } from './checkoutStore.js';
import { recordStoreTime } from './clock.js';
import { StoreFailure, toFailure } from './failures.js';
import { cursorOf } from './linkHeader.js';
import { randomHex } from './randomHex.js';

/** The ids that the api returns for a checkout. Both are safe in a URL path. */
export interface PlacedOrder {
  orderId: string;
  paymentId: string;
}

/** The page on which the shopper pays. */
interface PaymentPage {
  orderId: string;
  /** The http or https URL of the gateway's page. Null if nothing is left to pay. */
  paymentUrl: string | null;
}

interface ProductPage {
  products: ProductBody[];
  /** Null on the last page. */
  nextCursor: string | null;
  /** Null on the first page. Also null on the second page, because the first page has no cursor. */
  previousCursor: string | null;
}

/** The api calls of the storefront. If a call rejects, `failureCode` returns the code of its error. */
export interface StoreApi {
  /** @param cursor null for the first page */
  productPage(cursor: string | null): Promise<ProductPage>;
  /** Reads the products with these ids. Leaves out unknown ids. */
  productsById(ids: readonly number[]): Promise<ProductBody[]>;
  settings(): Promise<SettingsBody>;
  restock(): Promise<void>;
  crash(): Promise<void>;
  /**
   * Idempotent: the same key with the same items and total returns the same ids. Rejects with the code `total_changed`
   * if the store computes another total.
   */
  startCheckout(checkout: Pick<StoredCheckout, 'key' | 'items' | 'totalMinor'>): Promise<PlacedOrder>;
  /** Idempotent: opens the payment at the gateway, or returns the page of the payment that is already open. */
  paymentPage(paymentId: string): Promise<PaymentPage>;
  order(orderId: string): Promise<OrderBody>;
  /** Idempotent. @returns the cancelled order */
  cancelOrder(orderId: string): Promise<OrderBody>;
}

const responseTimeoutMs = 20_000;
const json = { accept: 'application/json' };
const jsonHeaders = { headers: json };
/** With `no-cache`, the browser keeps the response and asks the store at each call whether the data has changed. */
const revalidated = { headers: json, init: { cache: 'no-cache' } } as const;
/**
 * The first page shows its first product above the grid. The other 48 products fill complete rows, whether the grid has
 * two, three or four columns.
 */
const pageSize = 49;

/** @param send the browser's fetch */
export function createStoreApi(send: typeof fetch): StoreApi {
  const sendChecked = checkedFetch(send);
  const client = hc<AppType>('/', { fetch: sendChecked });
  const traces = new Map<string, string>();
  return {
    productPage: async (cursor) => {
      const query = { limit: String(pageSize), ...(cursor === null ? {} : { cursor }) };
      const answer = await client.products.$get({ query }, revalidated);
      const links = answer.headers.get('link');
      const cursors = { nextCursor: cursorOf(links, 'next'), previousCursor: cursorOf(links, 'prev') };
      return { products: await answer.json(), ...cursors };
    },
    productsById: async (ids) => (await client.products.$get({ query: { ids: ids.join() } }, revalidated)).json(),
    settings: async () => (await client.settings.$get({}, jsonHeaders)).json(),
    restock: async () => {
      await client.restock.$post();
    },
    // This route exists in demo mode only, so `AppType` does not contain it.
    crash: async () => {
      await sendChecked('/crash_application', { method: 'POST' });
    },
    startCheckout: async ({ key, items, totalMinor }) => {
      const param = { idempotency_key: encodeURIComponent(key) };
      const traceId = randomHex(16);
      const lines = items.map(({ productId, quantity }) => ({ product_id: productId, quantity }));
      const cart = { items: lines, expected_total_minor: totalMinor };
      const answer = await client.checkout[':idempotency_key'].$post({ param }, traceOptions(traceId, cart));
      const body = await answer.json();
      // The request asks for JSON, so an answer in plain text is an error.
      if (typeof body === 'string') throw new StoreFailure({ code: 'unexpected' });
      const placed = { orderId: parseId(body.order_id), paymentId: parseId(body.payment_id) };
      traces.set(placed.paymentId, traceId);
      return placed;
    },
    paymentPage: async (paymentId) => {
      const param = { payment_id: encodeURIComponent(paymentId) };
      const traceId = traces.get(paymentId) ?? randomHex(16);
      const answer = await client.payment[':payment_id'].page.$post({ param }, traceOptions(traceId));
      const { order_id: orderId, payment_url: paymentUrl } = await answer.json();
      return { orderId: parseId(orderId), paymentUrl: paymentUrl === null ? null : parseWebUrl(paymentUrl) };
    },
    order: async (orderId) => {
      const answer = await client.order[':order_id'].$get(
        { param: { order_id: encodeURIComponent(orderId) } },
        jsonHeaders,
      );
      return answer.json();
    },
    cancelOrder: async (orderId) => {
      const param = { order_id: encodeURIComponent(orderId) };
      const answer = await client.order[':order_id'].cancel.$post({ param }, jsonHeaders);
      return answer.json();
    },
  };
}

/**
 * Wraps `fetch`, so that a call resolves only with a complete 2xx response. If the connection breaks, or if the
 * response is not complete in time, the call rejects with the code `unavailable`. The time is 20 s, unless the caller
 * passes a signal. If the status is not 2xx, the call rejects with the failure that `toFailure` returns.
 */
export function checkedFetch(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const { status, headers, body } = await fetchText(send, input, init);
    if (status < 200 || status > 299) throw toFailure({ status, headers, body });
    return new Response(body === '' ? null : body, { status, headers });
  };
}

async function fetchText(send: typeof fetch, ...[input, init]: Parameters<typeof fetch>) {
  try {
    const signal = init?.signal ?? AbortSignal.timeout(responseTimeoutMs);
    const response = await send(input, { cache: 'no-store', ...init, signal });
    recordStoreTime(response.headers.get('date'));
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch {
    throw new StoreFailure({ code: 'unavailable' });
  }
}

/**
 * The options that add a call to a trace (W3C Trace Context). The call that starts a checkout and the call that opens
 * its payment share one trace.
 */
function traceOptions(traceId: string, body?: object) {
  const headers = { ...json, traceparent: `00-${traceId}-${randomHex(8)}-01` };
  if (body === undefined) return { headers };
  return { headers: { ...headers, 'content-type': 'application/json' }, init: { body: JSON.stringify(body) } };
}

/** @throws StoreFailure if the id is not safe in a URL path */
function parseId(id: unknown): string {
  if (typeof id === 'string' && /^[A-Za-z0-9_-]+$/.test(id)) return id;
  throw new StoreFailure({ code: 'unexpected' });
}

/**
 * Accepts only http and https, because the browser opens this address and would execute a `javascript:` URL.
 *
 * @throws StoreFailure if the address is not an http or https URL
 */
function parseWebUrl(address: string): string {
  if (/^https?:\/\//i.test(address)) return address;
  throw new StoreFailure({ code: 'unexpected' });
}

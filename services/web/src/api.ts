import type { AppType, OrderBody, ProductBody, SettingsBody } from '@widget-store/api';
import { hc } from 'hono/client';
import type { CartLines } from './cart.js';
import { noteStoreTime } from './clock.js';
import { failureFrom, StoreFailure } from './failures.js';

/** The ids of a started checkout. Both are safe in a URL path. */
export interface PlacedOrder {
  orderId: string;
  paymentId: string;
}

/** Where the shopper pays. */
interface PaymentPage {
  orderId: string;
  /** The http or https URL of the gateway's page; null when nothing is left to pay. */
  paymentUrl: string | null;
}

/** The api calls of the storefront. `failureCode` classifies what they reject with. */
export interface StoreApi {
  products(): Promise<ProductBody[]>;
  settings(): Promise<SettingsBody>;
  restock(): Promise<void>;
  crash(): Promise<void>;
  /** Idempotent: the same key with the same items returns the same ids. */
  startCheckout(checkout: { key: string; items: CartLines }): Promise<PlacedOrder>;
  /** Idempotent: opens the payment at the gateway, or returns the open one. */
  paymentPage(paymentId: string): Promise<PaymentPage>;
  order(orderId: string): Promise<OrderBody>;
  /** Idempotent. @returns the cancelled order */
  cancelOrder(orderId: string): Promise<OrderBody>;
}

const answerTimeoutMs = 20_000;
const json = { accept: 'application/json' };
const asJson = { headers: json };

/** @param send the browser's fetch */
export function createStoreApi(send: typeof fetch): StoreApi {
  const sendWhole = sendWholeAnswers(send);
  const client = hc<AppType>('/', { fetch: sendWhole });
  const traces = new Map<string, string>();
  return {
    products: async () => (await client.products.$get({}, asJson)).json(),
    settings: async () => (await client.settings.$get({}, asJson)).json(),
    restock: async () => {
      await client.restock.$post();
    },
    // This route exists in demo mode only, so `AppType` does not contain it.
    crash: async () => {
      await sendWhole('/crash_application', { method: 'POST' });
    },
    startCheckout: async ({ key, items }) => {
      const param = { idempotency_key: encodeURIComponent(key) };
      const traceId = randomHex(16);
      const cart = { items: items.map(({ productId, quantity }) => ({ product_id: productId, quantity })) };
      const answer = await client.checkout[':idempotency_key'].$post({ param }, joining(traceId, cart));
      const body = await answer.json();
      // The api sends plain text only to clients that do not ask for JSON.
      if (typeof body === 'string') throw new StoreFailure({ code: 'broken' });
      const placed = { orderId: identifier(body.order_id), paymentId: identifier(body.payment_id) };
      traces.set(placed.paymentId, traceId);
      return placed;
    },
    paymentPage: async (paymentId) => {
      const param = { payment_id: encodeURIComponent(paymentId) };
      const traceId = traces.get(paymentId) ?? randomHex(16);
      const answer = await client.payment[':payment_id'].page.$post({ param }, joining(traceId));
      const { order_id: orderId, payment_url: paymentUrl } = await answer.json();
      return { orderId: identifier(orderId), paymentUrl: paymentUrl === null ? null : webAddress(paymentUrl) };
    },
    order: async (orderId) => {
      const answer = await client.order[':order_id'].$get({ param: { order_id: encodeURIComponent(orderId) } }, asJson);
      return answer.json();
    },
    cancelOrder: async (orderId) => {
      const param = { order_id: encodeURIComponent(orderId) };
      const answer = await client.order[':order_id'].cancel.$post({ param }, asJson);
      return answer.json();
    },
  };
}

/**
 * Wraps `fetch` so that it resolves with complete 2xx responses only. A broken connection and a response that takes longer
 * than 20 s reject with the code `away`; every other status rejects with the code that fits it.
 */
export function sendWholeAnswers(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const { status, headers, body } = await read(send, input, init);
    if (status < 200 || status > 299) throw failureFrom({ status, headers, body });
    return new Response(body === '' ? null : body, { status, headers });
  };
}

async function read(send: typeof fetch, ...[input, init]: Parameters<typeof fetch>) {
  try {
    const signal = AbortSignal.timeout(answerTimeoutMs);
    const response = await send(input, { ...init, cache: 'no-store', signal });
    noteStoreTime(response.headers.get('date'));
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch {
    throw new StoreFailure({ code: 'away' });
  }
}

/** Headers that add a call to a trace (W3C Trace Context): a purchase is one trace from the click to the payment page. */
function joining(traceId: string, body?: object) {
  const headers = { ...json, traceparent: `00-${traceId}-${randomHex(8)}-01` };
  if (body === undefined) return { headers };
  return { headers: { ...headers, 'content-type': 'application/json' }, init: { body: JSON.stringify(body) } };
}

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @throws StoreFailure when the id is not safe in a URL path */
function identifier(id: unknown): string {
  if (typeof id === 'string' && /^[A-Za-z0-9_-]+$/.test(id)) return id;
  throw new StoreFailure({ code: 'broken' });
}

/** The browser navigates to this URL, so a `javascript:` URL would run as a script. @throws StoreFailure unless http or https */
function webAddress(address: string): string {
  if (/^https?:\/\//i.test(address)) return address;
  throw new StoreFailure({ code: 'broken' });
}

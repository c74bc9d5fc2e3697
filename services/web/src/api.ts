import type { AppType, OrderBody, ProductBody, SettingsBody } from '@widget-store/api';
import { hc } from 'hono/client';
import type { CartLines } from './cart.js';
import { noteStoreTime } from './clock.js';
import { failureFrom, StoreFailure } from './failures.js';

/** What a checkout came to: both ids can stand in an address. */
export interface PlacedOrder {
  orderId: string;
  paymentId: string;
}

/** Where a payment goes on. */
interface PaymentPage {
  orderId: string;
  /** The gateway's page, http or https; null when there is nothing left to pay. */
  paymentUrl: string | null;
}

/** The store contract as the pages use it. What each call rejects with, `failureCode` can name. */
export interface StoreApi {
  products(): Promise<ProductBody[]>;
  settings(): Promise<SettingsBody>;
  restock(): Promise<void>;
  crash(): Promise<void>;
  /** The same key with the same items always gets the same answer. */
  startCheckout(checkout: { key: string; items: CartLines }): Promise<PlacedOrder>;
  /** Opens the payment at the gateway, or finds it there. Safe to repeat. */
  paymentPage(paymentId: string): Promise<PaymentPage>;
  order(orderId: string): Promise<OrderBody>;
  /** Safe to repeat. @returns the cancelled order */
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
    // Outside demo mode the api has no such route, so its type has none either.
    crash: async () => {
      await sendWhole('/crash_application', { method: 'POST' });
    },
    startCheckout: async ({ key, items }) => {
      const param = { idempotency_key: encodeURIComponent(key) };
      const traceId = randomHex(16);
      const cart = { items: items.map(({ productId, quantity }) => ({ product_id: productId, quantity })) };
      const answer = await client.checkout[':idempotency_key'].$post({ param }, joining(traceId, cart));
      const body = await answer.json();
      // Plain text is for clients that do not ask for JSON.
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
 * A fetch that resolves with whole answers only. A connection that breaks anywhere before the last byte, or says nothing
 * for 20 s, is the store being away, and a status outside 200 to 299 is a failure of its own.
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

/** Joins a call to a trace (W3C Trace Context), so that a purchase can be followed from the click on. */
function joining(traceId: string, body?: object) {
  const headers = { ...json, traceparent: `00-${traceId}-${randomHex(8)}-01` };
  if (body === undefined) return { headers };
  return { headers: { ...headers, 'content-type': 'application/json' }, init: { body: JSON.stringify(body) } };
}

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Anything that could not stand in an address is not an id. */
function identifier(id: unknown): string {
  if (typeof id === 'string' && /^[A-Za-z0-9_-]+$/.test(id)) return id;
  throw new StoreFailure({ code: 'broken' });
}

/** The page is left for this address: it must never be one that runs as a script. */
function webAddress(address: string): string {
  if (/^https?:\/\//i.test(address)) return address;
  throw new StoreFailure({ code: 'broken' });
}

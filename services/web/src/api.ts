import type { AppType } from '@widget-store/api';
import type { OrderBody, ProductBody } from '@widget-store/workflows/contract';
import { hc } from 'hono/client';
import { failureFrom, StoreFailure } from './failures.js';
import { nextCursor } from './linkHeader.js';

interface OrdersPage {
  orders: OrderBody[];
  /** Null on the last page. */
  nextCursor: string | null;
}

export type PaymentOutcome = 'paid' | 'cancelled';

/** The store contract as the pages use it. What each call rejects with, `failureCode` can name. */
export interface StoreApi {
  product(): Promise<ProductBody>;
  restock(): Promise<void>;
  crash(): Promise<void>;
  /** The same key always gets the same answer: @returns the payment id */
  startCheckout(key: string): Promise<string>;
  /** Pays or gives up the payment: @returns the order id */
  settlePayment(payment: { paymentId: string; outcome: PaymentOutcome }): Promise<string>;
  order(orderId: string): Promise<OrderBody>;
  /** @param cursor null for the newest orders */
  orders(cursor: string | null): Promise<OrdersPage>;
}

const answerTimeoutMs = 20_000;
const ordersPerPage = 20;
const asJson = { headers: { accept: 'application/json' } };
const sendsJson = { headers: { 'content-type': 'application/json' } };

/** @param send the browser's fetch */
export function createStoreApi(send: typeof fetch): StoreApi {
  const sendWhole = wholeAnswers(send);
  const client = hc<AppType>('/', { fetch: sendWhole });
  return {
    product: async () => {
      const answer = await client.product.$get({}, asJson);
      return answer.json();
    },
    restock: async () => {
      await client.restock.$post();
    },
    // Outside demo mode the api has no such route, so its type has none either.
    crash: async () => {
      await sendWhole('/crash_application', { method: 'POST' });
    },
    startCheckout: async (key) => {
      const param = { idempotency_key: encodeURIComponent(key) };
      return identifier(await client.checkout[':idempotency_key'].$post({ param }, sendsJson));
    },
    settlePayment: async ({ paymentId, outcome }) => {
      const param = { payment_id: encodeURIComponent(paymentId), payment_status: outcome };
      const init = { body: JSON.stringify({ status: outcome }) };
      const post = client.payment_webhook[':payment_id'][':payment_status'].$post;
      return identifier(await post({ param }, { ...sendsJson, init }));
    },
    order: async (orderId) => {
      const answer = await client.order[':order_id'].$get({ param: { order_id: encodeURIComponent(orderId) } }, asJson);
      return answer.json();
    },
    orders: async (cursor) => {
      const query = { limit: String(ordersPerPage), ...(cursor === null ? {} : { cursor }) };
      const answer = await client.orders.$get({ query }, asJson);
      return { orders: await answer.json(), nextCursor: nextCursor(answer.headers.get('link')) };
    },
  };
}

/**
 * A fetch that resolves with whole answers only. A connection that breaks anywhere before the last byte, or says nothing
 * for 20 s, is the store being away, and a status outside 200 to 299 is a failure of its own.
 */
function wholeAnswers(send: typeof fetch): typeof fetch {
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
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch {
    throw new StoreFailure({ code: 'away' });
  }
}

/** A plain-text id. Anything that could not stand in an address is not one. */
async function identifier(answer: { text(): Promise<string> }): Promise<string> {
  const id = (await answer.text()).trim();
  if (!/^[A-Za-z0-9_-]+$/.test(id)) throw new StoreFailure({ code: 'broken' });
  return id;
}

import { setTimeout as delay } from 'node:timers/promises';
import type { CheckoutBody, OrderBody, PaymentPageBody, ProblemBody } from '@widget-store/api';
import type { OrderLine } from '@widget-store/contract';
import type { Random } from '../random';
import type { History, OperationKind, Outcome, Request, Response as Ending } from './history';

const callDeadlineMs = 10_000;
const longestPauseMs = 15_000;
const jsonHeaders = { 'Content-Type': 'application/json', Accept: 'application/json' };

export interface Call {
  f: OperationKind;
  request: Omit<Request, 'to'>;
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** The base address of the server. Without an address, the request goes to a random api. */
  baseUrl?: string;
}

interface Result {
  outcome: Outcome;
  response: Ending;
  /** Milliseconds until the request may be repeated. Undefined if the answer is final. */
  retryAfterMs: number | undefined;
  json: unknown;
}

/** A simulated client. The history contains the client's name with each of the client's requests. */
export interface Client {
  once(call: Call): Promise<Result>;
  /** Repeats a request until the answer is final or the run ends. Resolves with the last result. */
  persist(call: Call): Promise<Result>;
  /** Waits for `ms`, but at most until the end of the run. Resolves with false if the run has ended. */
  pause(ms: number): Promise<boolean>;
}

export interface ClientOptions {
  name: string;
  history: History;
  apiUrls: string[];
  random: Random;
  /** Aborted at the end of the run. */
  over: AbortSignal;
}

export function openClient({ name, history, apiUrls, random, over }: ClientOptions): Client {
  const pause = async (ms: number): Promise<boolean> => {
    await delay(ms, undefined, { signal: over }).catch(() => {});
    return !over.aborted;
  };
  const once = async ({ f, request, baseUrl, ...sent }: Call): Promise<Result> => {
    const to = baseUrl ?? random.pick(apiUrls);
    const id = history.invoke({ process: name, f, request: { ...request, to } });
    const result = await exchange(to, sent);
    history.complete(id, result);
    return result;
  };
  return {
    once,
    pause,
    persist: async (call) => {
      for (let attempt = 0; ; attempt++) {
        const result = await once(call);
        if (result.retryAfterMs === undefined) return result;
        // The wait grows exponentially and is random. Without the randomness, all clients that were refused together
        // would also retry together.
        const longestMs = Math.min(result.retryAfterMs * 1.6 ** attempt, longestPauseMs);
        const waitMs = Math.max(result.retryAfterMs, random.between(longestMs / 2, longestMs));
        if (!(await pause(waitMs))) return result;
      }
    },
  };
}

export function checkoutCall(key: string, lines: OrderLine[]): Call {
  const items = lines.map(({ productId, quantity }) => ({ product_id: productId, quantity }));
  const cart = lines.map(({ productId, quantity }): [number, number] => [productId, quantity]);
  const body = JSON.stringify({ items });
  return {
    f: 'checkout',
    request: { key, cart },
    method: 'POST',
    path: `/checkout/${key}`,
    headers: jsonHeaders,
    body,
  };
}

async function exchange(to: string, { method, path, headers, body }: Omit<Call, 'f' | 'request'>): Promise<Result> {
  try {
    const signal = AbortSignal.timeout(callDeadlineMs);
    const init = { method, headers: headers ?? {}, signal, ...(body === undefined ? {} : { body }) };
    const answer = await fetch(to + path, init);
    // If the connection is cut in the middle of the answer, `text()` throws, and the request is recorded as unanswered.
    return read(answer.status, answer.headers, await answer.text());
  } catch (error) {
    return { ...withoutAnswer(error), retryAfterMs: 200, json: undefined };
  }
}

function read(status: number, headers: Headers, text: string): Result {
  const json = parse(text);
  const problem = (json ?? {}) as Partial<ProblemBody>;
  const response: Ending = { status, ...(status >= 400 && problem.code && { code: problem.code }) };
  if (status >= 500 || status === 429) {
    const retryAfterMs = Number(headers.get('Retry-After') ?? 1) * 1000;
    return { outcome: status === 429 ? 'fail' : 'unknown', response, retryAfterMs, json };
  }
  // Some refusals are not final. For example, an operator repeats the shipment of an order that is not ready yet.
  if (status >= 400) return { outcome: 'fail', response, retryAfterMs: problem.retryable ? 200 : undefined, json };
  return { outcome: 'ok', response: { ...response, ...seen(json) }, retryAfterMs: undefined, json };
}

/** A refused connection proves that the request had no effect. After any other error, the effect is unknown. */
function withoutAnswer(error: unknown): { outcome: Outcome; response: Ending } {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  const code = cause?.code ?? name ?? 'no answer';
  return { outcome: code === 'ECONNREFUSED' ? 'fail' : 'unknown', response: { code } };
}

interface RefundBody {
  refund_id: string;
  amount_minor: number;
}

/** Returns the fields of an answer that the oracle uses. */
function seen(json: unknown): Ending {
  if (typeof json !== 'object' || json === null) return {};
  const body = json as Partial<CheckoutBody & OrderBody & PaymentPageBody & RefundBody>;
  if (body.refund_id !== undefined) return { refundId: body.refund_id, amountMinor: body.amount_minor ?? 0 };
  return {
    ...(body.order_id !== undefined && { orderId: body.order_id }),
    ...(body.payment_id !== undefined && { paymentId: body.payment_id }),
    ...(body.status !== undefined && { orderStatus: body.status }),
    ...(body.payment_status !== undefined && { paymentStatus: body.payment_status }),
    ...(body.progress_remaining !== undefined && { progress: body.progress_remaining }),
    ...(typeof body.carrier === 'string' && { carrier: body.carrier }),
    ...(body.payment_url !== undefined && { payable: body.payment_url !== null }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

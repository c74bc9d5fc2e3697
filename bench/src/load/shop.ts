import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface Answer {
  status: number;
  text: string;
  retryAfterSeconds: number;
}

/** A client of a store's HTTP API. It keeps connections open, and sends requests to the api processes in turn. */
export interface Shop {
  get(path: string): Promise<Answer>;
  /** @param body JSON */
  post(path: string, body?: unknown): Promise<Answer>;
  close(): void;
}

/** @param urls one address for each api process */
export function openShop(urls: string[]): Shop {
  const agent = new Agent({ keepAlive: true, maxSockets: 1000 });
  let turn = 0;
  const ask = (method: string, path: string, body?: unknown): Promise<Answer> => {
    const url = urls[turn++ % urls.length] ?? '';
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const headers = text === undefined ? {} : { 'Content-Type': 'application/json' };
      const asked = request(`${url}${path}`, { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString(),
            retryAfterSeconds: Number(response.headers['retry-after'] ?? 1),
          });
        });
      });
      asked.on('error', (error: NodeJS.ErrnoException) => {
        // The server closed the idle connection before the request reached it. Like a browser, the client repeats the
        // request.
        if (asked.reusedSocket && error.code === 'ECONNRESET') resolve(ask(method, path, body));
        else reject(error);
      });
      asked.end(text);
    });
  };
  return {
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
    close: () => agent.destroy(),
  };
}

export function newKey(): string {
  return randomBytes(12).toString('hex');
}

export interface Purchase {
  orderId: string;
  checkoutMs: number;
  webhookMs: number;
}

/**
 * Buys one unit, and sends the webhook that settles the payment with `outcome`. The webhook is unsigned, because every
 * contestant accepts unsigned webhooks.
 */
export async function buy(shop: Shop, outcome: 'paid' | 'failed', productId?: number): Promise<Purchase> {
  const path = `/checkout/${newKey()}`;
  const body = productId === undefined ? undefined : { items: [{ product_id: productId, quantity: 1 }] };
  const { answer, durationMs: checkoutMs } = await postWithRetry(shop, path, body);
  const webhook = await postWithRetry(shop, `/payment_webhook/${expectOk(path, answer)}/${outcome}`);
  return { orderId: expectOk('/payment_webhook', webhook.answer), checkoutMs, webhookMs: webhook.durationMs };
}

/**
 * Repeats the request as long as the answer is 503, each time after the wait that `Retry-After` asks for. `durationMs`
 * is the duration of the last attempt.
 */
export async function postWithRetry(
  shop: Shop,
  path: string,
  body?: unknown,
): Promise<{ answer: Answer; durationMs: number }> {
  for (;;) {
    const startedAtMs = performance.now();
    const answer = await shop.post(path, body);
    if (answer.status !== 503) return { answer, durationMs: performance.now() - startedAtMs };
    await delay(answer.retryAfterSeconds * 1000);
  }
}

/**
 * @returns the answer's text
 * @throws Error if the status is not 200
 */
export function expectOk(path: string, { status, text }: Answer): string {
  if (status !== 200) throw new Error(`${path} answered ${status}: ${text.slice(0, 300)}`);
  return text;
}

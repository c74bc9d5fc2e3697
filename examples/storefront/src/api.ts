import createClient from 'openapi-fetch';
import type { components, paths } from './store';

export type Order = components['schemas']['Order'];
export type Product = components['schemas']['Product'];
export type Cart = components['schemas']['Cart'];
type Problem = components['schemas']['Problem'];

const baseUrl = import.meta.env.VITE_STORE_URL ?? 'http://127.0.0.1:3000';

/** The paths, parameters, bodies and answers of the store have types, which `npm run types` creates. */
export const store = createClient<paths, 'application/json' | 'application/problem+json'>({
  baseUrl,
  headers: { Accept: 'application/json' },
});

interface Answer<Body> {
  data?: Body;
  error?: Problem;
  response: Response;
}

interface Waiting {
  /** Receives the reason before each wait. */
  onWait: (reason: string) => void;
}

/**
 * Sends a request until its answer is final. Repeats it after a lost connection, after every 5xx, and after each
 * problem that the store calls retryable. A 5xx is never final: it may come from a proxy, and the store may have done
 * what was asked. Every call of the store can be repeated.
 *
 * @throws Error with the store's sentence about a problem that a repetition cannot solve
 */
export async function untilAnswered<Body>(send: () => Promise<Answer<Body>>, { onWait }: Waiting): Promise<Body> {
  for (;;) {
    const answer = await send().catch(() => undefined);
    if (answer?.data !== undefined) return answer.data;
    const { error, response } = answer ?? {};
    if (response !== undefined && response.status < 500 && error?.retryable === false) throw new Error(error.detail);
    onWait(error?.detail ?? 'The shop cannot be reached. Trying again…');
    const seconds = Number(response?.headers.get('Retry-After')) || 2;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

/**
 * Follows an order by server-sent events. The browser reconnects a broken stream, but not one that the store refused.
 *
 * @param onOrder receives the order now and after each change
 */
export function followOrder(orderId: string, onOrder: (order: Order) => void): void {
  const stream = new EventSource(`${baseUrl}/order/${orderId}/events`);
  stream.addEventListener('order', (event) => onOrder(JSON.parse(event.data) as Order));
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => followOrder(orderId, onOrder), 5000);
  });
}

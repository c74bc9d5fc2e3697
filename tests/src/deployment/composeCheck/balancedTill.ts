import { eventually } from '../../support/eventually';
import type { Shopper } from '../../support/http/shopper';
import type { OrderBody } from '@widget-store/api';
import { startBalancer } from '../balancer';
import type { ComposeProject } from './composeProject';
import type { Till } from './shoppers';

/** A till whose requests pass a load balancer in front of the api and the second api of a rollout. */
export interface BalancedTill extends Till {
  /** The requests that got no response, or another response than success or "try again later" (503). */
  failures: string[];
  close(): Promise<void>;
}

const callDeadlineMs = 60_000;

/** Resolves when the balancer has found one api. */
export async function openBalancedTill({ apiUrl, gatewayUrl, ports }: ComposeProject): Promise<BalancedTill> {
  const balancer = startBalancer([apiUrl, `http://127.0.0.1:${ports[3010]}`]);
  await eventually(
    () => balancer.urls,
    ({ length }) => length === 1,
  );
  const failures: string[] = [];

  // `shopperOf` checks each response against one OpenAPI document, but the two apis belong to different releases.
  const send: Shopper['send'] = async (method, path, init) => {
    const url = `${balancer.urls.at(-1) ?? apiUrl}${path}`;
    try {
      const { status, headers, ...response } = await request(url, { method, ...init });
      if (status >= 300 && status !== 503) failures.push(`${method} ${url}: ${status} ${response.text}`);
      return { status, headers, contentType: headers.get('Content-Type') ?? '', ...response };
    } catch (error) {
      const reason = error instanceof Error ? `${error.message}, ${String(error.cause)}` : String(error);
      failures.push(`${method} ${url}: ${reason}`);
      throw error;
    }
  };
  return {
    shopper: { send, order: async (id) => JSON.parse((await send('GET', `/order/${id}`)).text) as OrderBody },
    gatewayUrl,
    failures,
    close: () => balancer.close(),
  };
}

async function request(url: string, init: RequestInit) {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(callDeadlineMs) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

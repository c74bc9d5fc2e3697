import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../support/random';
import { type Client, openClient } from '../support/clients/client';
import { invalidCalls } from './forgedCalls';
import type { History } from '../support/clients/history';
import type { LoadPlan } from './plan';
import { playShopper, readOrderCall, type Shop } from './shoppers';

export interface LoadOptions {
  plan: LoadPlan;
  durationMs: number;
  apiUrls: string[];
  shop: Omit<Shop, 'onOrder'>;
  history: History;
  random: Random;
  /** How long clients can continue after the last shopper has arrived. */
  patienceMs: number;
}

const readEveryMs = 250;

/**
 * Runs the planned load. Resolves when every client has ended. All shoppers arrive within `durationMs`. After another
 * `patienceMs`, every client stops waiting and repeating requests.
 */
export async function runLoad(options: LoadOptions): Promise<void> {
  const { plan, durationMs, apiUrls, shop, history, random, patienceMs } = options;
  const over = new AbortController();
  // Every waiting client adds a listener. Without this call, Node would warn about a leak of listeners.
  setMaxListeners(0, over.signal);
  const noMoreShoppers = new AbortController();
  const orderIds: string[] = [];
  const open = (name: string, ownRandom: Random): Client =>
    openClient({ name, history, apiUrls, random: ownRandom, over: over.signal });
  const wholeShop: Shop = { ...shop, onOrder: (orderId) => void orderIds.push(orderId) };
  const at = async (atMs: number, play: () => Promise<unknown>): Promise<void> => {
    await delay(atMs);
    await play();
  };
  const restocker = open('restocker', random.fork());
  const clients = [
    ...plan.shoppers.map((shopper) =>
      at(shopper.atMs, () => playShopper(shopper, open(shopper.key, shopper.random), wholeShop)),
    ),
    ...plan.restocksAtMs.map((atMs) => at(atMs, () => restock(restocker, shop.adminToken))),
    ...plan.invalid.map(({ atMs, key, random: ownRandom }) =>
      at(atMs, () => sendInvalid(open(key, ownRandom), invalidCalls(key, ownRandom))),
    ),
    ...[1, 2].map((number) => {
      const ownRandom = random.fork();
      const reader = open(`reader-${number}`, ownRandom);
      return readOthers(reader, { orderIds, random: ownRandom, stop: noMoreShoppers.signal });
    }),
  ];
  const lastShopperLeft = setTimeout(() => noMoreShoppers.abort(), durationMs);
  const outOfPatience = setTimeout(() => over.abort(), durationMs + patienceMs);
  await Promise.all(clients);
  clearTimeout(lastShopperLeft);
  clearTimeout(outOfPatience);
}

function restock(client: Client, adminToken: string): Promise<unknown> {
  const headers = { Authorization: `Bearer ${adminToken}` };
  return client.persist({ f: 'restock', request: {}, method: 'POST', path: '/restock', headers });
}

async function sendInvalid(client: Client, calls: ReturnType<typeof invalidCalls>): Promise<void> {
  for (const call of calls) await client.once(call);
}

/**
 * Reads `GET /product`, and the recent orders of all shoppers, through random apis. The oracle checks that a later read
 * of an order does not show an earlier state.
 */
async function readOthers(
  client: Client,
  { orderIds, random, stop }: { orderIds: string[]; random: Random; stop: AbortSignal },
): Promise<void> {
  while (!stop.aborted && (await client.pause(readEveryMs))) {
    const recent = orderIds.slice(-40);
    if (recent.length > 0) await client.once(readOrderCall(random.pick(recent)));
    await client.once({ f: 'read_product', request: {}, method: 'GET', path: '/product' });
  }
}

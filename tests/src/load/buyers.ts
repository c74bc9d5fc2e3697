import { setTimeout as delay } from 'node:timers/promises';
import type { CheckoutBody } from '@widget-store/api';
import type { Random } from '../support/random';
import type { Client } from '../chaos/client';
import { plentifulProductIds } from '../chaos/plan';
import { checkoutCall, openPage, settleCall } from '../chaos/shoppers';

/** What buyers need to know of the stage. */
export interface Counter {
  /** A client of its own for each buyer. */
  open(key: string): Client;
  random: Random;
  gatewayUrl: string;
  gatewayApiKey: string;
}

/**
 * Asks once for a checkout. Whoever gets one goes to the gateway and pays, with patience; whoever does not leaves.
 *
 * @returns whether there was one
 */
async function buyAndPay(key: string, counter: Counter): Promise<boolean> {
  const client = counter.open(key);
  const lines = [{ productId: counter.random.pick(plentifulProductIds), quantity: 1 }];
  const { outcome, json } = await client.once(checkoutCall(key, lines));
  if (outcome !== 'ok') return false;
  const { payment_id: paymentId } = json as CheckoutBody;
  if (paymentId !== null && (await openPage({ paymentId }, client))) {
    await client.persist(settleCall(paymentId, 'pay', counter));
  }
  return true;
}

/** Buyers who come one after the other, however slow the store is: an open loop. */
export interface Arrivals {
  /** Before the number of each key. */
  name: string;
  ratePerSecond: number;
  durationMs: number;
}

/**
 * Lets buyers come at even distances, so that a rate is not told from another by chance alone.
 *
 * @returns what is left of them when the last one has come, and by how many milliseconds one came late at most: then it was
 * this program that was slow
 */
export async function letCome(
  { name, ratePerSecond, durationMs }: Arrivals,
  counter: Counter,
): Promise<{ buyers: Promise<unknown>; latestMs: number }> {
  const startMs = performance.now();
  const count = Math.round((durationMs / 1000) * ratePerSecond);
  const buyers: Promise<unknown>[] = [];
  let latestMs = 0;
  for (let index = 0; index < count; index++) {
    const waitMs = startMs + (index * 1000) / ratePerSecond - performance.now();
    if (waitMs > 0) await delay(waitMs);
    else latestMs = Math.max(latestMs, -waitMs);
    buyers.push(buyAndPay(`${name}-${index}`, counter));
  }
  await delay(Math.max(0, startMs + durationMs - performance.now()));
  return { buyers: Promise.all(buyers), latestMs };
}

export interface Saturation {
  buyersAtOnce: number;
  warmUpMs: number;
  windowMs: number;
  windows: number;
}

/**
 * Keeps as many buyers at once as the store has to do with all the time, each followed by another: a closed loop.
 *
 * @returns checkouts a second in the best of a few windows, because what else the machine does can only take from it; before
 * them the dispatches of the first ones have come to run beside those that come
 */
export async function findCapacity(
  { buyersAtOnce, warmUpMs, windowMs, windows }: Saturation,
  counter: Counter,
): Promise<number> {
  const countFromMs = performance.now() + warmUpMs;
  const endMs = countFromMs + windows * windowMs;
  const bought = Array.from({ length: windows }, () => 0);
  const keepBuying = async (name: string): Promise<void> => {
    for (let index = 0; performance.now() < endMs; index++) {
      const hasBought = await buyAndPay(`${name}-${index}`, counter);
      const window = Math.floor((performance.now() - countFromMs) / windowMs);
      if (hasBought && bought[window] !== undefined) bought[window] += 1;
    }
  };
  await Promise.all(Array.from({ length: buyersAtOnce }, (_, index) => keepBuying(`capacity-${index}`)));
  return Math.max(...bought) / (windowMs / 1000);
}

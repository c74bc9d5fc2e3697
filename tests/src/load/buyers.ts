import { setTimeout as delay } from 'node:timers/promises';
import type { CheckoutBody } from '@widget-store/api';
import type { Random } from '../support/random';
import { checkoutCall, type Client } from '../support/clients/client';
import { plentifulProductIds } from '../chaos/plan';
import { openPage, settleCall } from '../chaos/shoppers';

export interface Counter {
  open(key: string): Client;
  random: Random;
  gatewayUrl: string;
  gatewayApiKey: string;
}

/**
 * Acts as one buyer, who requests a checkout once. If the checkout succeeds, the buyer pays at the gateway, with
 * retries. Otherwise the buyer leaves.
 *
 * @returns whether the checkout succeeded
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

/** Buyers in an open loop: they arrive at a fixed rate even if the store is slow. */
export interface Arrivals {
  /** The prefix of each key. */
  name: string;
  ratePerSecond: number;
  durationMs: number;
}

/**
 * Starts buyers at regular intervals, so that rates are comparable.
 *
 * @returns `buyers`, which resolves when all buyers have ended, and `latestMs`, the longest delay with which this
 * program started a buyer
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
 * Measures the capacity with a closed loop: a fixed number of buyers is active, and a new buyer starts whenever one
 * ends.
 *
 * @returns the checkouts a second in the best window. Other load on the machine can only reduce the rate, so the
 * highest rate is the closest to the capacity.
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

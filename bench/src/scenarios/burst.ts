import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench';
import { openLoop } from '../load/loops';
import { newKey, type Shop } from '../load/shop';
import { reportProgress } from '../servers';
import { plenty } from './interleave';

const shoppersPerSecond = 250;
const durationMs = 2000;

/**
 * Measures the start of a sale: 500 shoppers check out within two seconds. A shopper whom the store asks to come back
 * repeats the request after the wait that the store names. Every shopper must get an order in the end.
 */
export async function burst({ start, results, scale }: Bench): Promise<void> {
  const contestants = [await start('store-postgres'), await start('dbos')];
  for (const { name, shop, restock } of contestants) {
    await restock(plenty);
    const sale = { firstAnswerMs: 0, orderMs: 0, toldToComeBack: 0 };
    const startedAtMs = performance.now();
    const since = (): number => performance.now() - startedAtMs;
    await openLoop({ perSecond: shoppersPerSecond, durationMs: scale(durationMs) }, async () => {
      const attempts = await checkOutUntilSold(shop, () => {
        sale.firstAnswerMs = Math.max(sale.firstAnswerMs, since());
      });
      sale.orderMs = Math.max(sale.orderMs, since());
      if (attempts > 1) sale.toldToComeBack += 1;
    });
    results.add(name, {
      'burst.lastAnswerMs': sale.firstAnswerMs,
      'burst.lastOrderMs': sale.orderMs,
      'burst.toldToComeBack': sale.toldToComeBack,
    });
    reportProgress(`burst: ${name} sold to the last shopper after ${(sale.orderMs / 1000).toFixed(1)} s`);
  }
}

/** @returns the number of attempts */
async function checkOutUntilSold(shop: Shop, onFirstAnswer: () => void): Promise<number> {
  const path = `/checkout/${newKey()}`;
  for (let attempts = 1; ; attempts++) {
    const { status, text, retryAfterSeconds } = await shop.post(path);
    if (attempts === 1) onFirstAnswer();
    if (status === 200) return attempts;
    if (status !== 503) throw new Error(`${path} answered ${status}: ${text.slice(0, 300)}`);
    await delay(retryAfterSeconds * 1000);
  }
}

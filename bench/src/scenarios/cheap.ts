import type { Bench } from '../bench';
import { closedLoop } from '../load/loops';
import { buy, expectOk, newKey, postWithRetry } from '../load/shop';
import { clients, interleave, plenty } from './interleave';

const durationMs = 2000;

/** Measures checkouts that reserve no stock, because the product is sold out or the key was used before. */
export async function cheap({ start, results, scale }: Bench): Promise<void> {
  const contestants = [
    await start('store-file'),
    await start('store-postgres'),
    await start('dbos'),
    await start('plain'),
  ];
  const loop = { clients, warmUpMs: scale(500), durationMs: scale(durationMs) };
  await interleave(contestants, 2, async ({ name, shop, restock }) => {
    await restock(0);
    const soldOut = await closedLoop(loop, async () => {
      const { status, text } = (await postWithRetry(shop, `/checkout/${newKey()}`)).answer;
      if (status < 400) throw new Error(`a checkout of a sold-out product answered ${status}: ${text}`);
    });
    await restock(plenty);
    const path = `/checkout/${newKey()}`;
    const checkOut = async () => expectOk(path, (await postWithRetry(shop, path)).answer);
    await checkOut();
    const replayed = await closedLoop(loop, checkOut);
    results.add(name, { 'soldOut.perSecond': soldOut.perSecond, 'replayed.perSecond': replayed.perSecond });
  });
}

/**
 * Measures the storefront's most frequent reads. All clients read the same product, and each client reads its own
 * order.
 */
export async function reads({ start, results, scale }: Bench): Promise<void> {
  const loop = { clients, warmUpMs: scale(200), durationMs: scale(durationMs) };
  const all = [];
  for (const contestant of [
    await start('store-file'),
    await start('store-grown'),
    await start('dbos'),
    await start('plain'),
  ]) {
    const bought = await Promise.all(Array.from({ length: clients }, () => buy(contestant.shop, 'failed')));
    all.push({ ...contestant, orderIds: bought.map(({ orderId }) => orderId) });
  }
  await interleave(all, 2, async ({ name, shop, orderIds }) => {
    const read = async (path: string) => expectOk(path, await shop.get(path));
    const product = await closedLoop(loop, () => read('/product'));
    const order = await closedLoop(loop, (client) => read(`/order/${orderIds[client]}`));
    results.add(name, { 'reads.productPerSecond': product.perSecond, 'reads.orderPerSecond': order.perSecond });
  });
}

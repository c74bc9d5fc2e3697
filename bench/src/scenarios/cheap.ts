import { closedLoop } from '../load/loops';
import { buy, postPatiently, expectOk, newKey } from '../load/shop';
import { clients, type Field, inTurns, present } from './scenario';

const rounds = 2;
const durationMs = 2000;
const leadInMs = 1000;
const plenty = 1_000_000;

/** Requests that come to nothing new: nothing is left to sell, or the key was used before. */
export async function cheap(field: Field): Promise<void> {
  const all = present(field, ['store-file', 'store-postgres', 'dbos', 'plain']);
  await inTurns(all, rounds, async (contestant) => {
    const { name, shop } = contestant;
    const loop = { clients, leadInMs: field.scale(leadInMs), durationMs: field.scale(durationMs) };
    await contestant.stock(0);
    const soldOut = await closedLoop(loop, async () => {
      const { status, text } = (await postPatiently(shop, `/checkout/${newKey()}`)).answer;
      if (status < 400) throw new Error(`a checkout of nothing answered ${status}: ${text}`);
    });
    await contestant.stock(plenty);
    const path = `/checkout/${newKey()}`;
    expectOk(path, (await postPatiently(shop, path)).answer);
    const replayed = await closedLoop(loop, async () => expectOk(path, (await postPatiently(shop, path)).answer));
    field.results.add(name, {
      'soldOut.perSecond': soldOut.perSecond,
      'replayed.perSecond': replayed.perSecond,
    });
  });
}

/** What shoppers look at all the time: all of them the product, each an order of their own. */
export async function reads(field: Field): Promise<void> {
  const all = present(field, ['store-file', 'store-grown', 'dbos', 'plain']);
  const orders = new Map<string, string[]>();
  for (const { name, shop } of all) {
    const bought = await Promise.all(Array.from({ length: clients }, () => buy(shop, 'failed')));
    const ids = bought.map(({ orderId }) => orderId);
    orders.set(name, ids);
  }
  await inTurns(all, rounds + 1, async ({ name, shop }) => {
    for (const [measure, pathOf] of [
      ['reads.productPerSecond', () => '/product'],
      ['reads.orderPerSecond', (client: number) => `/order/${orders.get(name)?.[client]}`],
    ] as const) {
      const loop = { clients, leadInMs: field.scale(200), durationMs: field.scale(durationMs) };
      const { perSecond } = await closedLoop(loop, async (client) => {
        const path = pathOf(client);
        return expectOk(path, await shop.get(path));
      });
      field.results.add(name, { [measure]: perSecond });
    }
  });
}

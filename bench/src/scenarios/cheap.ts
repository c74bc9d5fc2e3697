import { closedLoop } from '../load/loops';
import { buy, checkOut, expectOk, newKey } from '../load/shop';
import { clients, type Field, inTurns, present } from './scenario';

const rounds = 2;
const durationMs = 2000;
const plenty = 1_000_000;

/** Requests that come to nothing new: nothing is left to sell, or the key was used before. */
export async function cheap(field: Field): Promise<void> {
  const all = present(field, ['store-file', 'store-postgres', 'dbos', 'plain']);
  await inTurns(all, rounds, async (contestant) => {
    const { name, shop } = contestant;
    await contestant.stock(0);
    const soldOut = await closedLoop({ clients, durationMs: field.scale(durationMs) }, async () => {
      const { status, text } = (await checkOut(shop, `/checkout/${newKey()}`)).answer;
      if (status < 400) throw new Error(`a checkout of nothing answered ${status}: ${text}`);
    });
    await contestant.stock(plenty);
    const path = `/checkout/${newKey()}`;
    expectOk(path, (await checkOut(shop, path)).answer);
    const replayed = await closedLoop({ clients, durationMs: field.scale(durationMs) }, async () =>
      expectOk(path, (await checkOut(shop, path)).answer),
    );
    field.results.add(name, {
      'soldOut.perSecond': soldOut.perSecond,
      'replayed.perSecond': replayed.perSecond,
    });
  });
}

/** What shoppers look at all the time. */
export async function reads(field: Field): Promise<void> {
  const all = present(field, ['store-file', 'store-grown', 'dbos', 'plain']);
  const orders = new Map<string, string>();
  for (const { name, shop } of all) orders.set(name, (await buy(shop, 'failed')).orderId);
  await inTurns(all, rounds + 1, async ({ name, shop }) => {
    for (const [measure, path] of [
      ['reads.productPerSecond', '/product'],
      ['reads.orderPerSecond', `/order/${orders.get(name)}`],
    ] as const) {
      const { perSecond } = await closedLoop({ clients, durationMs: field.scale(2000) }, async () =>
        expectOk(path, await shop.get(path)),
      );
      field.results.add(name, { [measure]: perSecond });
    }
  });
}

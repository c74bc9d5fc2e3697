import type { Bench } from '../bench';
import { closedLoop } from '../load/loops';
import { buy } from '../load/shop';
import { clients, plenty } from './interleave';

/**
 * Compares two apis and two workers with one of each, on the same servers. Then counts the orders that are neither
 * cancelled nor dispatched.
 */
export async function replicas({ start, results, scale }: Bench): Promise<void> {
  const [single, replicated] = [await start('store-file'), await start('store-replicated')];
  await replicated.restock(plenty);
  const loop = { clients, warmUpMs: scale(1500), durationMs: scale(5000) };
  await closedLoop(loop, () => buy(replicated.shop, 'failed'));
  for (let round = 0; round < 2; round++) {
    for (const { name, shop } of [single, replicated]) {
      const { perSecond } = await closedLoop(loop, () => buy(shop, 'failed'));
      results.add(name, { 'replicas.perSecond': perSecond });
    }
  }
  const [row] = await replicated.sql<{ open: number }[]>`
    select count(*)::int as open from orders where status not in ('CANCELLED', 'DISPATCHED')`;
  results.add(replicated.name, { 'replicas.undecided': row?.open ?? Number.NaN });
}

import { closedLoop } from '../load/loops';
import { buy } from '../load/shop';
import { clients, type Field } from './scenario';

const rounds = 3;
const durationMs = 5000;

/** Two apis and two workers against one of each, on the same servers. Every order that was accepted must be decided. */
export async function replicas(field: Field): Promise<void> {
  const replicated = await field.replicated();
  const stores = { 'store-file': field.store, 'store-replicated': replicated } as const;
  await replicated.stock(1_000_000);
  const loop = { clients, leadInMs: field.scale(1500), durationMs: field.scale(durationMs) };
  await closedLoop(loop, () => buy(replicated.shop, 'failed'));
  for (let round = 0; round < rounds; round++) {
    for (const name of ['store-file', 'store-replicated'] as const) {
      const { perSecond } = await closedLoop(loop, () => buy(stores[name].shop, 'failed'));
      field.results.add(name, { 'replicas.perSecond': perSecond });
    }
  }
  const [row] = await replicated.sql<{ open: number }[]>`
    select count(*)::int as open from orders where status not in ('CANCELLED', 'DISPATCHED')`;
  field.results.add('store-replicated', { 'replicas.undecided': row?.open ?? Number.NaN });
}

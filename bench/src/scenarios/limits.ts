import { closedLoop } from '../load/loops';
import { buy } from '../load/shop';
import { measureCommits, storedBytesAnOrder, walBytes } from '../measure/postgresLimits';
import { clients, type Field, present } from './scenario';

const rounds = 2;
const commitsMs = 1000;
const walMs = 2500;
const plenty = 1_000_000;

/** What Postgres does one after the other, and what an order makes it write: the capacity model (`make capacity`) needs both. */
export async function limits(field: Field): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    field.results.add('plain', await measureCommits(field.plainDatabaseUrl, field.scale(commitsMs)));
  }
  field.results.add('store-grown', { 'limits.storedBytesAnOrder': await storedBytesAnOrder(field.grown.sql) });
  for (const contestant of present(field, ['store-file', 'store-postgres', 'dbos'])) {
    await contestant.stock(plenty);
    const loop = { clients, leadInMs: field.scale(1000), durationMs: field.scale(walMs) };
    const read = () => walBytes(field.store.sql);
    const { done, before = 0, after = 0 } = await closedLoop({ ...loop, read }, () => buy(contestant.shop, 'failed'));
    field.results.add(contestant.name, { 'limits.declinedWalBytes': (after - before) / done });
  }
}

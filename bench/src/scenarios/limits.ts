import type { Bench } from '../bench';
import { closedLoop } from '../load/loops';
import { buy } from '../load/shop';
import { measureCommits, storedBytesPerOrder, walBytes } from '../measure/postgresLimits';
import { clients, plenty } from './interleave';

/**
 * Measures how many commits Postgres can make in a second, and how many bytes an order needs on disk and in the WAL.
 * The capacity model (`make capacity`) uses these figures.
 */
export async function limits({ start, plainDatabaseUrl, results, scale }: Bench): Promise<void> {
  const [file, postgres, dbos, grown] = [
    await start('store-file'),
    await start('store-postgres'),
    await start('dbos'),
    await start('store-grown'),
  ];
  for (let round = 0; round < 2; round++) {
    results.add('plain', await measureCommits(plainDatabaseUrl, scale(1000)));
  }
  results.add('store-grown', { 'limits.storedBytesAnOrder': await storedBytesPerOrder(grown.sql) });
  for (const { name, shop, restock } of [file, postgres, dbos]) {
    await restock(plenty);
    const read = () => walBytes(file.sql);
    const loop = { clients, warmUpMs: scale(1000), durationMs: scale(2500), read };
    const { done, before = 0, after = 0 } = await closedLoop(loop, () => buy(shop, 'failed'));
    results.add(name, { 'limits.declinedWalBytes': (after - before) / done });
  }
}

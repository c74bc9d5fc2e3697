import type { OrderRow } from '@widget-store/db';
import { createLogger } from '@widget-store/runtime';
import { createLatestValue } from './latestValue';
import { createOrderWatches } from './orderWatches';

const log = createLogger({ service: 'test', level: 'silent' });

describe('the watches of orders', () => {
  const versions = new Map<string, number>();
  const readOrders = (ids: string[]) =>
    Promise.resolve(ids.map((orderId) => ({ orderId, version: versions.get(orderId) }) as OrderRow));
  const newWatches = () => createOrderWatches({ store: { readOrders }, log });
  const silence = 20;

  it('send each watcher only the versions that it does not have yet', async () => {
    versions.set('o', 2);
    const watches = newWatches();
    const [first, second] = [createLatestValue<OrderRow>(), createLatestValue<OrderRow>()];
    watches.watch('o', { client: 'a', changes: first });
    expect(await first.take(1000)).toMatchObject({ version: 2 });
    watches.watch('o', { client: 'b', changes: second });
    expect(await second.take(1000)).toMatchObject({ version: 2 });
    expect(await first.take(silence)).toBeUndefined();

    versions.set('o', 3);
    watches.changed('o');
    expect(await first.take(1000)).toMatchObject({ version: 3 });
    expect(await second.take(1000)).toMatchObject({ version: 3 });
    // The new version is smaller than the last one, as after a restore of Postgres.
    versions.set('o', 1);
    watches.missed();
    expect(await first.take(1000)).toMatchObject({ version: 1 });
    watches.close();
  });

  it('are limited for each client, and a watch that ends makes room for another', () => {
    const watches = newWatches();
    const watch = (client: string) => watches.watch('o', { client, changes: createLatestValue<OrderRow>() });
    const mine = Array.from({ length: 200 }, () => watch('a'));
    expect(mine).not.toContain(undefined);
    expect(watch('a')).toBeUndefined();
    expect(watch('b')).toBeDefined();
    mine[0]?.end();
    mine[0]?.end();
    expect(watch('a')).toBeDefined();
    expect(watch('a')).toBeUndefined();
    expect(watches.open()).toBe(201);
    watches.close();
    expect(watches.open()).toBe(0);
  });
});

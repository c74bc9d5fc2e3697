import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Snapshot } from './evidence';
import type { Inspect } from './inspector';

const everyMs = 500;

export async function takeSnapshots(inspect: Inspect, { file, stop }: { file: string; stop: AbortSignal }) {
  while (!stop.aborted) {
    const snapshots = await readStock(inspect).catch((): Snapshot[] => []);
    if (snapshots.length > 0) appendFileSync(file, snapshots.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await delay(everyMs, undefined, { signal: stop }).catch(() => {});
  }
}

/** Reads all values with one statement, so that they describe the same moment. */
async function readStock(inspect: Inspect): Promise<Snapshot[]> {
  const startMs = Date.now();
  const rows = await inspect(
    (sql) => sql<Omit<Snapshot, 'startMs' | 'endMs'>[]>`
    select p.product_id as "productId", p.inventory::int, coalesce(sum(m.quantity), 0)::int as moved,
      coalesce(max(m.movement_id), 0)::int as "lastMovementId"
    from products p left join stock_movements m using (product_id) group by p.product_id order by p.product_id`,
  );
  const endMs = Date.now();
  return rows.map((row) => ({ startMs, endMs, ...row }));
}

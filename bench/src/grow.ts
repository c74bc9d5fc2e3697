import { access, copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { repositoryRoot } from '@widget-store/dev';
import type postgres from 'postgres';
import { reportProgress, startTemporalOnFile } from './servers';

const kept = join(repositoryRoot, '.data', 'bench', 'temporal-grown.db');

const grownOrders = 1_000_000;
const grownRuns = 100_000;
const quickOrders = 1000;
const startsAtOnce = 64;
/**
 * The suffixes of the files of a SQLite database. All files are copied, because the log (`-wal`) contains part of the
 * data.
 */
const parts = ['', '-wal', '-shm'];

/**
 * Fills a store's database with the orders of a year, half of them dispatched and half cancelled. Each order has its
 * lines and movements. The triggers are off, because they would only slow down the INSERTs.
 */
export async function growDatabase(sql: postgres.Sql, { quick }: { quick: boolean }): Promise<void> {
  const count = quick ? quickOrders : grownOrders;
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`set local synchronous_commit = off`;
    await tx`
      insert into orders (order_id, idempotency_key, fingerprint, request_id, payment_id, status, payment_status,
        cancel_reason, total_minor, captured_minor, currency, version, progress_remaining, expires_at, created_at, updated_at)
      select 'ord_' || md5('o' || n), 'grown-' || n, md5('f'), md5('r' || n), 'pay_' || md5('p' || n),
        case when n % 2 = 0 then 'DISPATCHED' else 'CANCELLED' end, case when n % 2 = 0 then 'paid' else 'failed' end,
        case when n % 2 = 0 then null else 'payment_failed' end, 9999, case when n % 2 = 0 then 9999 else 0 end, 'USD', case when n % 2 = 0 then 12 else 2 end,
        case when n % 2 = 0 then 0 else 10 end, made, made, made
      from generate_series(1, ${count}::int) n, lateral (select now() - interval '1 year' + n * interval '30 seconds' as made)`;
    await tx`
      insert into order_items (order_id, product_id, name, quantity, unit_price_minor)
      select order_id, product_id, name, 1, 9999
      from orders cross join (select array_agg(product_id) as ids from products) catalogue
      join products on product_id = ids[1 + (sequence % cardinality(ids))::int]
      where orders.idempotency_key like 'grown-%'`;
    await tx`
      insert into stock_movements (product_id, order_id, kind, quantity, created_at)
      select product_id, order_id, 'hold', -1, now() from order_items`;
    await tx`
      insert into stock_movements (product_id, order_id, kind, quantity, created_at)
      select product_id, order_id, 'release', 1, now() from order_items join orders using (order_id) where status = 'CANCELLED'`;
    await tx`
      insert into stock_movements (product_id, kind, quantity)
      select product_id, 'restock', inventory - moved
      from products, lateral (
        select sum(quantity) as moved from stock_movements m where m.product_id = products.product_id
      ) sums
      where inventory <> moved`;
    await tx`
      insert into order_events (order_id, version, status, payment_status, at)
      select order_id, 2, case when status = 'DISPATCHED' then 'PAID' else status end, payment_status, created_at
      from orders where idempotency_key like 'grown-%'`;
    await tx`
      insert into order_events (order_id, version, status, payment_status, at)
      select order_id, version, status, payment_status, created_at
      from orders where idempotency_key like 'grown-%' and status = 'DISPATCHED'`;
  });
  await sql`vacuum analyze`;
}

/**
 * Copies the SQLite file of a Temporal server with 100,000 closed runs to `dbFile`. Creating that file takes minutes,
 * so only the first call creates it. Does nothing in a quick run.
 */
export async function copyGrownTemporal(dbFile: string, { quick }: { quick: boolean }): Promise<void> {
  if (quick) return;
  const isKept = await access(kept).then(
    () => true,
    () => false,
  );
  if (!isKept) await makeRuns();
  for (const part of parts) await copyFile(`${kept}${part}`, `${dbFile}${part}`).catch(ignoreMissing);
}

/**
 * Creates closed runs. Each start under an id that is in use terminates the earlier run of that id, and so leaves one
 * closed run. No worker polls the queue.
 */
async function makeRuns(): Promise<void> {
  await mkdir(dirname(kept), { recursive: true });
  const unfinished = `${kept}.unfinished`;
  const server = await startTemporalOnFile(unfinished);
  const connection = await Connection.connect({ address: server.address });
  const { workflow } = new Client({ connection });
  let left = grownRuns;
  const keepStarting = async (name: string): Promise<void> => {
    while (left-- > 0) {
      if (left % 10_000 === 0) reportProgress(`creating closed runs: ${left} left`);
      await workflow.start('checkout', {
        workflowId: `checkout/${name}`,
        taskQueue: 'nobody',
        workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      });
    }
  };
  await Promise.all(Array.from({ length: startsAtOnce }, (_, index) => keepStarting(`grown-${index}`)));
  await connection.close();
  await server.stop();
  // The database file is renamed last. So if the database file exists, its log exists too.
  for (const part of parts.toReversed()) await rename(`${unfinished}${part}`, `${kept}${part}`).catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

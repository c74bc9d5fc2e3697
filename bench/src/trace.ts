import { temporaryDirectory } from '@widget-store/dev';
import { Client, Connection } from '@temporalio/client';
import { buy, newKey } from './load/shop';
import { startPostgres, startTemporalOnFile } from './servers';
import { startOurs } from './stores';

async function main() {
  const directory = await temporaryDirectory();
  const postgres = await startPostgres(directory.path);
  const onFile = await startTemporalOnFile(`${directory.path}/temporal.db`);
  const store = await startOurs('store-file', { postgres, temporal: onFile, directory: directory.path });
  try {
    await store.stock(100000);
    for (let i = 0; i < 60; i++) await buy(store.shop, 'failed');
    const client = new Client({ connection: await Connection.connect({ address: onFile.address }) });
    for (let i = 0; i < 3; i++) {
      const key = newKey();
      const t0 = Date.now();
      const c = await store.shop.post(`/checkout/${key}`);
      const t1 = Date.now();
      await store.shop.post(`/payment_webhook/${c.text}/failed`);
      const t2 = Date.now();
      console.log('checkout', t1 - t0, 'webhook', t2 - t1);
      const h = await client.workflow.getHandle(`checkout/${key}`).fetchHistory();
      for (const e of h.events ?? []) console.log('  ', Number(e.eventTime?.seconds) * 1000 + (e.eventTime?.nanos ?? 0) / 1e6 - t0, e.eventType);
    }
    await client.connection.close();
  } finally {
    await store.stop();
    await onFile.process.stop();
    await postgres.process.stop();
    await directory.remove();
  }
}
void main();

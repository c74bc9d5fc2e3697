import { temporaryDirectory } from '@widget-store/dev';
import { closedLoop } from './load/loops';
import { buy } from './load/shop';
import { cpuBetween, cpuTimes } from './measure/processes';
import { median } from './measure/statistics';
import { startPostgres, startTemporalOnFile} from './servers';
import { startOurs } from './stores';

async function main() {
  const directory = await temporaryDirectory();
  const postgres = await startPostgres(directory.path);
  const base = process.env['BASE'];
  const onFile = await startTemporalOnFile(`${directory.path}/temporal.db`);
  const stores = [await startOurs('store-file', { postgres, temporal: onFile, directory: directory.path })];
  if (base) {
    const { startTemporalOnFile: startOld } = { startTemporalOnFile };
    const old = process.env['SAME_TEMPORAL'] ? onFile : await startOld(`${directory.path}/old.db`);
    stores.push(await startOurs('plain', { postgres, temporal: old, directory: directory.path }, { root: base }));
  }
  try {
    for (const store of stores) {
      await store.stock(100000);
      await closedLoop({ clients: 8, durationMs: 4000 }, () => buy(store.shop, 'failed'));
    }
    for (let round = 0; round < 5; round++)
      for (const store of stores) {
        const alone = [];
        for (let i = 0; i < 30; i++) alone.push(await buy(store.shop, 'failed'));
        if (process.env['PERF'] && round === 1) { const pids = Object.entries(store.processes()).filter(([n]) => process.env['PERF'] === n).flatMap(([, p]) => p).join(','); require('node:child_process').spawn('perf', ['record', '-F', '499', '-g', '-p', pids, '-o', '/tmp/perf.data', '--', 'sleep', '6'], { stdio: 'ignore' }); }
        const before = cpuTimes(store.processes());
        const { perSecond, done } = await closedLoop({ clients: Number(process.env['CLIENTS'] ?? 16), durationMs: 6000 }, () => buy(store.shop, 'failed'));
        const used = cpuBetween(before, cpuTimes(store.processes()));
        console.log(store.name, perSecond.toFixed(1) + '/s', 'alone', median(alone.map((o) => o.checkoutMs)).toFixed(1), median(alone.map((o) => o.webhookMs)).toFixed(1), 'cpu/order', JSON.stringify(Object.fromEntries(Object.entries(used).map(([n, v]) => [n, +(v / done).toFixed(1)]))));
      }
  } finally {
    for (const store of stores) await store.stop();
    await onFile.process.stop();
    await postgres.process.stop();
    await directory.remove();
  }
}
void main();

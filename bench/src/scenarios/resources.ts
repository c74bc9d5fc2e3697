import { freePorts } from '@widget-store/dev';
import type { Bench } from '../bench';
import { closedLoop } from '../load/loops';
import { buy } from '../load/shop';
import { memoryMb } from '../measure/processes';
import { clients } from './interleave';

/**
 * Measures the memory of each process, first after the earlier scenarios and then under load. Also measures how long
 * the api and the worker take to start.
 */
export async function resources({ start, results, scale }: Bench): Promise<void> {
  const [file, postgres, dbos] = [await start('store-file'), await start('store-postgres'), await start('dbos')];
  for (const { name, shop, processes } of [file, postgres, dbos]) {
    const measure = (when: string): void => {
      const figures = Object.entries(memoryMb(processes())).map(([process, mb]) => [`memory.${when}.${process}Mb`, mb]);
      results.add(name, Object.fromEntries(figures));
    };
    measure('rest');
    const loop = { clients, warmUpMs: scale(2500), durationMs: 0, read: () => measure('load') };
    await closedLoop(loop, () => buy(shop, 'failed'));
  }
  for (let round = 0; round < 2; round++) {
    for (const service of ['worker', 'api'] as const) {
      const { port } = await freePorts('port');
      const startedAtMs = performance.now();
      const replica = await file.store.startReplica(service, { name: `timed ${service}`, port });
      results.add('store-file', { [`startUp.${service}Ms`]: performance.now() - startedAtMs });
      await replica.stop();
    }
  }
}

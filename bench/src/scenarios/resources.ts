import { freePorts } from '@widget-store/dev';
import { closedLoop } from '../load/loops';
import { buy } from '../load/shop';
import { memoryMb } from '../measure/processes';
import { clients, type Field, present } from './scenario';

/** Memory of each process after all that came before, then under load; and how long api and worker take to be ready. */
export async function resources(field: Field): Promise<void> {
  for (const contestant of present(field, ['store-file', 'store-postgres', 'dbos'])) {
    const measure = (when: string) =>
      field.results.add(
        contestant.name,
        Object.fromEntries(
          Object.entries(memoryMb(contestant.processes())).map(([name, mb]) => [`memory.${when}.${name}Mb`, mb]),
        ),
      );
    measure('rest');
    const loop = { clients, leadInMs: field.scale(2500), durationMs: 0, read: () => measure('load') };
    await closedLoop(loop, () => buy(contestant.shop, 'failed'));
  }
  for (let round = 0; round < 3; round++) {
    for (const service of ['worker', 'api'] as const) {
      const { port } = await freePorts('port');
      const startedMs = performance.now();
      const replica = await field.store.store.startReplica(service, { name: `${service} to be timed`, port });
      field.results.add('store-file', { [`startUp.${service}Ms`]: performance.now() - startedMs });
      await replica.stop();
    }
  }
}

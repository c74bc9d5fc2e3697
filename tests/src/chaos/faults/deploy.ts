import { replaceProcess } from '../../support/servers/processes';
import type { Stage } from '../stage';
import type { Effect, Fault } from './fault';

/**
 * Replaces the workers one after the other, as the rollout of a new version does. Each worker drains before it ends.
 */
export function deployFaults(): Fault[] {
  return [{ family: 'deploy', kind: 'rolling deploy', target: 'worker-1, worker-2', inflict: deployWorkers }];
}

async function deployWorkers({ members }: Stage): Promise<Effect> {
  const undoneMs = Date.now();
  const proofs: string[] = [];
  for (const name of ['worker-1', 'worker-2'] as const) {
    const { before, after, drainedMs } = await replaceProcess(members[name]);
    proofs.push(`${name}: process ${before} drained in ${drainedMs} ms and became ${after}`);
  }
  return { proof: proofs.join('; '), undoneMs };
}

import type { Stage } from '../stage';
import { type Effect, type Fault, recoveryDeadlineMs } from './fault';

/** A new release of the workers in mid-flight: each is asked to end, drains, and is replaced, one after the other. */
export function deployFaults(): Fault[] {
  return [{ family: 'deploy', kind: 'rolling deploy', target: 'worker-1, worker-2', inflict: deployWorkers }];
}

async function deployWorkers({ members }: Stage): Promise<Effect> {
  const undoneMs = Date.now();
  const proofs: string[] = [];
  for (const name of ['worker-1', 'worker-2'] as const) {
    const worker = members[name];
    const before = worker.pid;
    const startedAtMs = Date.now();
    // SIGTERM; a worker that hands its work on needs no longer than its grace time.
    await worker.stop({ graceMs: 15_000 });
    const drainedMs = Date.now() - startedAtMs;
    worker.start();
    await worker.whenReady({ deadlineMs: recoveryDeadlineMs });
    if (worker.pid === undefined || worker.pid === before) throw new Error(`${name} was not replaced`);
    proofs.push(`${name}: process ${before} drained in ${drainedMs} ms and became ${worker.pid}`);
  }
  return { proof: proofs.join('; '), undoneMs };
}

import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../support/eventually';
import type { Stage } from '../stage';
import { type Effect, type Fault, recoveryDeadlineMs } from './fault';

/** For each of these activities, a worker crashes after the commit and before it reports the result to Temporal. */
const activityNames = [
  'placeOrder',
  'markOrderPaid',
  'cancelOrder',
  'cancelPaidOrder',
  'dispatchOrder',
  'createPayment',
  'closePayment',
  'beginRefund',
  'refundPayment',
  'recordRefund',
  'syncPayment',
  'compareLedger',
  'compareOrders',
  'compareStock',
  'reportRepairs',
] as const;

const happensWithinMs = 12_000;

export function crashFaults(): Fault[] {
  return activityNames.map((name) => ({
    family: 'crash',
    kind: 'crash after commit',
    target: name,
    inflict: (stage) => crashAfter(stage, name),
  }));
}

/**
 * Crashes the next worker that completes this activity, by creating a file with the activity's name in `crashDir`.
 * Before its crash, the worker appends its process id to the file's name.
 */
async function crashAfter({ crashDir, members }: Stage, name: string): Promise<Effect> {
  const file = join(crashDir, name);
  const claims = () => readdirSync(crashDir).filter((entry) => entry.startsWith(`${name}.`));
  const known = new Set(claims());
  writeFileSync(file, '');
  try {
    const [claim = ''] = await eventually(
      () => claims().filter((entry) => !known.has(entry)),
      (fresh) => fresh.length > 0,
      { deadlineMs: happensWithinMs },
    );
    const undoneMs = Date.now();
    const pid = Number(claim.slice(name.length + 1));
    const workers = [members['worker-1'], members['worker-2']];
    await eventually(
      () => workers.map((worker) => worker.pid),
      (pids) => pids.every((running) => running !== undefined && running !== pid),
    );
    await Promise.all(workers.map((worker) => worker.whenReady({ deadlineMs: recoveryDeadlineMs })));
    return { proof: `worker process ${pid} ended itself after ${name}, and another took its place`, undoneMs };
  } finally {
    rmSync(file, { force: true });
  }
}

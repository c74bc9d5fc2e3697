import { eventually } from '../../support/eventually';
import type { MemberName, Stage } from '../stage';
import { type Effect, type Fault, recoveryDeadlineMs } from './fault';

/** Each inner list contains the processes that a single fault hits at the same time. */
export const groups: MemberName[][] = [
  ['api-1'],
  ['worker-1'],
  ['worker-2'],
  ['temporal'],
  ['postgres'],
  ['gateway'],
  ['api-1', 'api-2'],
  ['worker-1', 'worker-2'],
  ['temporal', 'postgres'],
  ['api-2', 'postgres'],
  ['api-1', 'api-2', 'worker-1', 'worker-2', 'temporal', 'postgres'],
];

export function killFaults(): Fault[] {
  return groups.map((names) => ({
    family: 'kill',
    kind: 'SIGKILL',
    target: names.join(' + '),
    inflict: (stage) => killAll(stage, names),
  }));
}

async function killAll({ members }: Stage, names: MemberName[]): Promise<Effect> {
  const before = names.map((name) => members[name].pid);
  const undoneMs = Date.now();
  for (const name of names) members[name].kill('SIGKILL');
  const after = await eventually(
    () => names.map((name) => members[name].pid),
    (pids) => pids.every((pid, index) => pid !== undefined && pid !== before[index]),
  );
  await Promise.all(names.map((name) => members[name].whenReady({ deadlineMs: recoveryDeadlineMs })));
  const proof = names.map((name, index) => `${name}: process ${before[index]} became ${after[index]}`).join('; ');
  return { proof, undoneMs };
}

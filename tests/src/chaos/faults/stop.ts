import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../support/eventually';
import { familyOf, signalAll } from '../processes';
import type { MemberName, Stage } from '../stage';
import { type Effect, type Fault, type FaultPlanOptions, recoveryDeadlineMs } from './fault';
import { groups } from './kill';

const shortestMs = 5000;
const longestMs = 30_000;

/** Pauses processes with SIGSTOP. A stopped process exists but does nothing, as if its machine were paused. */
export function stopFaults({ random, longestMs: longestHereMs }: FaultPlanOptions): Fault[] {
  return groups.map((names) => {
    const holdMs = random.between(shortestMs, Math.max(shortestMs, Math.min(longestMs, longestHereMs)));
    return {
      family: 'stop',
      kind: 'SIGSTOP',
      target: names.join(' + '),
      inflict: (stage) => stopAll(stage, names, holdMs),
    };
  });
}

async function stopAll({ members }: Stage, names: MemberName[], holdMs: number): Promise<Effect> {
  const families = names.map((name) => familyOf(members[name].pid ?? 0).map(({ pid }) => pid));
  const pids = families.flat();
  try {
    signalAll(pids, 'SIGSTOP');
    const proof = await eventually(
      () => names.map((name, index) => stoppedOf(name, families[index]?.[0] ?? 0)),
      allStopped,
    );
    await delay(holdMs);
    return { proof: `${proof.join('; ')}; for ${holdMs} ms`, undoneMs: Date.now() };
  } finally {
    signalAll(pids, 'SIGCONT');
    await Promise.all(names.map((name) => members[name].whenReady({ deadlineMs: recoveryDeadlineMs })));
  }
}

function stoppedOf(name: string, pid: number): string {
  const states = familyOf(pid).map(({ state }) => state);
  return `${name}: process ${pid} and ${states.length - 1} children in state ${[...new Set(states)].join('')}`;
}

/**
 * Returns true if all these processes are stopped. Ignores their child processes: if Postgres started a child just
 * before the signals were sent, the child got no SIGSTOP.
 */
function allStopped(proofs: string[]): boolean {
  return proofs.every((proof) => /in state T/.test(proof));
}

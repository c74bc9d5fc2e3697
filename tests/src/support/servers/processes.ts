import type { StartedStore, SupervisedProcess } from '@widget-store/dev';
import { eventually } from '../eventually';

const readyDeadlineMs = 60_000;

export type ProcessName = keyof StartedStore['processes'];

/** @throws Error if the store did not start this process itself */
export function processOf({ processes }: Pick<StartedStore, 'processes'>, name: ProcessName): SupervisedProcess {
  const found = processes[name];
  if (found === undefined) throw new Error(`${name} is not a process of this store`);
  return found;
}

/** Calls `end`, which must end the processes. Resolves when the supervisors have replaced all of them. */
export async function untilReplaced(running: SupervisedProcess[], end: () => unknown): Promise<void> {
  const before = running.map(({ pid }) => pid);
  await end();
  await eventually(
    () => running.map(({ pid }) => pid),
    (pids) => pids.every((pid, index) => pid !== undefined && pid !== before[index]),
  );
}

/**
 * Kills all these processes with SIGKILL at the same time. Resolves when their supervisors have replaced all of them.
 */
export function killProcesses(...running: SupervisedProcess[]): Promise<void> {
  return untilReplaced(running, () => running.forEach((process) => process.kill('SIGKILL')));
}

export interface Replacement {
  /** The id of the old process. */
  before: number | undefined;
  after: number;
  /** Milliseconds from SIGTERM to the end of the process. */
  drainedMs: number;
}

/**
 * Stops a process, and then starts a new process that replaces it, as a deployment does. Resolves when the new process
 * is ready.
 */
export async function replaceProcess(running: SupervisedProcess): Promise<Replacement> {
  const before = running.pid;
  const startedAtMs = performance.now();
  // The grace period is longer than any of our programs takes to drain after SIGTERM.
  await running.stop({ graceMs: 15_000 });
  const drainedMs = Math.round(performance.now() - startedAtMs);
  running.start();
  await running.whenReady({ deadlineMs: readyDeadlineMs });
  const after = running.pid;
  if (after === undefined || after === before) throw new Error(`${running.name} was not replaced`);
  return { before, after, drainedMs };
}

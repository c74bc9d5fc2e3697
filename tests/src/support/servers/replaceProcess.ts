import type { SupervisedProcess } from '@widget-store/dev';

const readyDeadlineMs = 60_000;

export interface Replacement {
  /** Process ids. */
  before: number | undefined;
  after: number;
  /** Milliseconds from SIGTERM to the end of the process. */
  drainedMs: number;
}

/** Asks a process to end as a deployment does, and starts another in its place once it is gone. Resolves when that is ready. */
export async function replaceProcess(running: SupervisedProcess): Promise<Replacement> {
  const before = running.pid;
  const startedAtMs = performance.now();
  // SIGTERM; what drains in good order needs no longer than its own grace time.
  await running.stop({ graceMs: 15_000 });
  const drainedMs = Math.round(performance.now() - startedAtMs);
  running.start();
  await running.whenReady({ deadlineMs: readyDeadlineMs });
  const after = running.pid;
  if (after === undefined || after === before) throw new Error(`${running.name} was not replaced`);
  return { before, after, drainedMs };
}

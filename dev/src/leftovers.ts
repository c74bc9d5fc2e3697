import { setTimeout as delay } from 'node:timers/promises';
import { type Environment, signalGroup } from './childProcess';
import { type DataDir, isRunning, readRecord, removeRecord } from './processRecord';
import type { StartedProcess } from './storeOptions';

const graceMs = 5_000;
const pollMs = 50;

/**
 * Ends the processes that an earlier run, which was killed, has recorded on this data directory and left running.
 *
 * @returns the names of the ended processes
 * @throws Error when the earlier run is still alive
 */
export async function endLeftovers({ dataDir, environment }: DataDir): Promise<string[]> {
  const record = readRecord(dataDir);
  if (!record) return [];
  const { owner } = record;
  if (owner.pid !== process.pid && (await isRunning(owner, environment))) {
    throw new Error(`${dataDir} is in use by process ${owner.pid}: stop it, or set DATA_DIR and the ports to others`);
  }
  const ended = await Promise.all(
    record.processes.map(async (leftover) => {
      if (!(await isRunning(leftover, environment))) return [];
      await end(leftover, environment);
      return [leftover.name];
    }),
  );
  removeRecord(dataDir);
  return ended.flat();
}

async function end(leftover: StartedProcess, environment: Environment): Promise<void> {
  // On SIGINT Postgres ends its sessions and shuts down; on SIGTERM it would wait for its clients.
  signalGroup(leftover.pid, 'SIGINT');
  signalGroup(leftover.pid, 'SIGCONT');
  const lateAtMs = performance.now() + graceMs;
  while (await isRunning(leftover, environment)) {
    if (performance.now() > lateAtMs) signalGroup(leftover.pid, 'SIGKILL');
    await delay(pollMs);
  }
}

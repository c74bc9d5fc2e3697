import { setTimeout as delay } from 'node:timers/promises';
import { answersOk } from './ports';
import { type DataDir, isRunning, readRecord } from './processRecord';
import type { StartedProcess } from './storeOptions';

export interface RestartOptions extends DataDir {
  name: string;
  /** Address that answers 200 when the program is ready. */
  readyUrl: string;
  deadlineMs: number;
}

const pollMs = 100;

/**
 * Asks a program of a running `make dev` to end. The supervisor then starts the program again, with the code of the
 * latest build.
 *
 * @returns the id of the new process, when that process is ready
 * @throws Error if no `make dev` on the data directory has started the program, or if the new process is not ready by
 * the deadline
 */
export async function restartProcess(options: RestartOptions): Promise<number> {
  const { name, environment, readyUrl, deadlineMs } = options;
  const lateAtMs = performance.now() + deadlineMs;
  const old = await findProcess(options);
  // A program that is not running has crashed, and its supervisor is about to start it again.
  if (await isRunning(old, environment)) process.kill(old.pid, 'SIGTERM');
  for (;;) {
    const { pid } = await findProcess(options);
    if (pid !== old.pid && (await answersOk(readyUrl).catch(() => false))) return pid;
    if (performance.now() > lateAtMs) {
      throw new Error(`${name} is not ready after ${deadlineMs / 1000} s: its log is in the terminal of make dev`);
    }
    await delay(pollMs);
  }
}

async function findProcess({ name, dataDir, environment }: RestartOptions): Promise<StartedProcess> {
  const record = readRecord(dataDir);
  if (!record || !(await isRunning(record.owner, environment))) throw new Error(`no make dev runs on ${dataDir}`);
  const found = record.processes.find((started) => started.name === name);
  if (!found) throw new Error(`the make dev on ${dataDir} has not started ${name}`);
  return found;
}

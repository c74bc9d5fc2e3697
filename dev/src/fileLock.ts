import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './childProcess';
import { codeOf } from './errors';

export interface FileLockOptions {
  /** Called once if the lock is not free. */
  onWait?: (holder: string) => void;
  /** Aborting this signal ends the wait for the lock. */
  signal?: AbortSignal | undefined;
}

const retryEveryMs = 250;
/**
 * A process creates the lock file and then writes its id into the file. If the file has no id after this time, the
 * process has died.
 */
const longestCreationMs = 2_500;
/**
 * Work under a lock normally takes less time than this. `withFileLock` removes an older lock even if a process with the
 * holder's id runs, because the system may have given the id to another process.
 */
const longestWorkMs = 40 * 60_000;

/**
 * Runs work that only one process of this machine may do at a time. Removes the lock of a dead process. If two
 * processes remove a lock at the same moment, both can do the work, so the work must be safe to do twice.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>, options: FileLockOptions = {}): Promise<T> {
  const { onWait, signal } = options;
  for (let told = false; !(await tryLock(path));) {
    signal?.throwIfAborted();
    const lock = await readLock(path);
    // The lock has just been released. Another process may already hold it, so try again.
    if (lock === undefined) continue;
    if (isAbandoned(lock)) {
      await rm(path, { force: true });
      continue;
    }
    if (!told) onWait?.(lock.holder === '' ? 'another process' : `process ${lock.holder}`);
    told = true;
    await delay(retryEveryMs, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readLock(path: string): Promise<{ holder: string; ageMs: number } | undefined> {
  try {
    const [holder, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { holder, ageMs: Date.now() - mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isAbandoned({ holder, ageMs }: { holder: string; ageMs: number }): boolean {
  if (holder === '') return ageMs > longestCreationMs;
  return ageMs > longestWorkMs || !isAlive(Number(holder));
}

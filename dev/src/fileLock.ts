import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from './errors';

export interface FileLockOptions {
  /** Is told once, when another process has the lock. */
  onWait?: (holder: string) => void;
  /** Gives up waiting when aborted. */
  signal?: AbortSignal | undefined;
}

const retryEveryMs = 250;
/** Longer than anything that is done under such a lock: the number of a dead process may be another's by then. */
const oldestMs = 40 * 60_000;

/**
 * Does work that one process of this machine does at a time. What a dead process left locked is unlocked. Two that find
 * that at once may both do the work, so it has to be work that may be done twice; it is only not worth it.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>, options: FileLockOptions = {}): Promise<T> {
  await take(path, options);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string, { onWait, signal }: FileLockOptions): Promise<void> {
  let told = false;
  while (!(await isCreated(path))) {
    signal?.throwIfAborted();
    const lock = await readLock(path);
    if (lock.is === 'gone') continue;
    if (lock.is === 'abandoned') {
      await rm(path, { force: true });
      continue;
    }
    if (!told) onWait?.(lock.holder);
    told = true;
    await delay(retryEveryMs, undefined, { signal });
  }
}

async function isCreated(path: string): Promise<boolean> {
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

type Lock = { is: 'gone' } | { is: 'abandoned' } | { is: 'held'; holder: string };

/** A lock that was given back meanwhile is gone: whatever lies there by now is another's. */
async function readLock(path: string): Promise<Lock> {
  try {
    const [holder, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return judgeLock(holder, Date.now() - mtimeMs);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { is: 'gone' };
    throw error;
  }
}

/** A lock that is being written is somebody's for as long as that may take. */
function judgeLock(holder: string, ageMs: number): Lock {
  if (ageMs > oldestMs) return { is: 'abandoned' };
  if (holder === '') {
    return ageMs < 10 * retryEveryMs ? { is: 'held', holder: 'a process that begins' } : { is: 'abandoned' };
  }
  try {
    process.kill(Number(holder), 0);
    return { is: 'held', holder };
  } catch (error) {
    // Somebody else's process may not be signalled, and is alive.
    return codeOf(error) === 'EPERM' ? { is: 'held', holder: 'a process of another user' } : { is: 'abandoned' };
  }
}

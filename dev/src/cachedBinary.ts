import { copyFile, chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment } from './childProcess';
import { messageOf } from './errors';
import { withFileLock } from './fileLock';
import { isExecutable } from './findOnPath';

/** Brings a program into a directory. Resolves with the program's path; the error says why it did not work. */
export type BinarySource = (options: {
  directory: string;
  environment: Environment;
  onProgress: (text: string) => void;
  signal: AbortSignal | undefined;
}) => Promise<string>;

export interface CachedBinaryOptions {
  /** With its version: the name in the cache. */
  fileName: string;
  /** HOME, XDG_CACHE_HOME, and what the sources need. */
  environment: Environment;
  onProgress?: ((text: string) => void) | undefined;
  /** Interrupts a download or a build when aborted. */
  signal?: AbortSignal | undefined;
  /** Asked in this order when the cache has no binary yet. */
  sources: BinarySource[];
}

/**
 * The path of a program cached by an earlier run, else one that is fetched and then cached outside the checkout, so that a
 * fresh clone does not build it again.
 *
 * @throws Error with a line for each source that failed
 */
export async function cachedBinary(options: CachedBinaryOptions): Promise<string> {
  const cached = join(cacheDir(options.environment), options.fileName);
  if (await isExecutable(cached)) return cached;
  const { onProgress, signal } = options;
  await mkdir(dirname(cached), { recursive: true });
  const fetchOnce = async () => {
    if (!(await isExecutable(cached))) await fetchInto(cached, options);
  };
  // Test files that run beside each other would compile the same program twice, each at half the speed.
  const onWait = (holder: string) => onProgress?.(`waiting for ${options.fileName}, which ${holder} fetches`);
  await withFileLock(`${cached}.lock`, fetchOnce, { onWait, signal });
  return cached;
}

function cacheDir(environment: Environment): string {
  const home = environment['HOME'] ?? homedir();
  // The XDG Base Directory Specification: a relative path is invalid and to be ignored.
  const given = environment['XDG_CACHE_HOME'];
  return join(given?.startsWith('/') ? given : join(home, '.cache'), 'widget-store');
}

async function fetchInto(cached: string, options: CachedBinaryOptions): Promise<void> {
  const { environment, onProgress = () => {}, signal, sources } = options;
  const cache = cacheDir(environment);
  // Inside the cache, so that the last step is a rename on one file system: whoever looks sees the whole binary or none.
  const directory = await mkdtemp(join(cache, 'fetch-'));
  const reasons: string[] = [];
  try {
    for (const source of sources) {
      try {
        const fetched = await source({ directory, environment, onProgress, signal });
        await moveInto(cached, fetched);
        return;
      } catch (error) {
        signal?.throwIfAborted();
        const reason = messageOf(error);
        reasons.push(reason);
        onProgress(reason);
      }
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  throw new Error(reasons.map((reason) => `- ${reason}`).join('\n'));
}

/** A copy, because a download keeps its file for its own later use. */
async function moveInto(cached: string, fetched: string): Promise<void> {
  const whole = `${fetched}.whole`;
  await copyFile(fetched, whole);
  await chmod(whole, 0o755);
  await rename(whole, cached);
}

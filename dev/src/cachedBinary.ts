import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment } from './childProcess';
import { withFileLock } from './fileLock';
import { isExecutable, tryInTurn } from './resolveProgram';

export interface FetchOptions {
  /** Holds HOME, XDG_CACHE_HOME and the variables that the sources need. */
  environment: Environment;
  /** Called with a line of text for each step. By default the text goes to standard error. */
  onProgress?: ((text: string) => void) | undefined;
  /** Aborting this signal interrupts a download or a build. */
  signal?: AbortSignal | undefined;
}

/**
 * Puts a program into a directory and resolves with the program's path. Rejects with an error that says what failed.
 */
export type BinarySource = (options: FetchOptions & { directory: string }) => Promise<string>;

export interface CachedBinaryOptions extends FetchOptions {
  /** The name of the program's file in the cache. The name includes the version. */
  fileName: string;
  /** The sources to try, in this order, if the cache does not have the program. */
  sources: BinarySource[];
}

/** Not the name of the store, because a renamed store would fetch every program again. */
const folderName = 'durable-checkout';

/**
 * Returns the path of a program in the cache. Fetches the program first if the cache does not have it. The cache is
 * outside the repository, so a fresh clone does not build the program again.
 *
 * @throws Error with a line for each source that failed
 */
export async function cachedBinary(options: CachedBinaryOptions): Promise<string> {
  const { fileName, onProgress = reportProgress, signal } = options;
  const cached = join(cacheDir(options.environment), fileName);
  if (await isExecutable(cached)) return cached;
  await mkdir(dirname(cached), { recursive: true });
  const fetchOnce = async () => {
    if (!(await isExecutable(cached))) await fetchInto(cached, options);
  };
  // Without the lock, test files that run in parallel would compile the same program twice, each at half the speed.
  const onWait = (holder: string) => onProgress(`waiting for ${fileName}: ${holder} is fetching it`);
  await withFileLock(`${cached}.lock`, fetchOnce, { onWait, signal });
  return cached;
}

export function reportProgress(text: string): void {
  process.stderr.write(`${text}\n`);
}

function cacheDir(environment: Environment): string {
  const home = environment['HOME'] ?? homedir();
  // The XDG Base Directory Specification says to ignore a relative path.
  const given = environment['XDG_CACHE_HOME'];
  return join(given?.startsWith('/') ? given : join(home, '.cache'), folderName);
}

async function fetchInto(cached: string, { sources, ...options }: CachedBinaryOptions): Promise<void> {
  const { onProgress = reportProgress, signal } = options;
  // This directory is inside the cache, so the last step is a rename within one file system. A rename is atomic, so no
  // process sees half a program.
  const directory = await mkdtemp(join(dirname(cached), 'fetch-'));
  const attempts = sources.map((source) => async () => moveInto(cached, await source({ ...options, directory })));
  try {
    await tryInTurn(attempts, (reason) => {
      signal?.throwIfAborted();
      onProgress(reason);
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function moveInto(cached: string, fetched: string): Promise<void> {
  const whole = `${fetched}.whole`;
  await copyFile(fetched, whole);
  await chmod(whole, 0o755);
  await rename(whole, cached);
}

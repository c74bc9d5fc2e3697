import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment } from './childProcess';
import { withFileLock } from './fileLock';
import { isExecutable, tryInTurn } from './resolveProgram';

export interface FetchOptions {
  /** HOME, XDG_CACHE_HOME, and what the sources need. */
  environment: Environment;
  /** Standard error by default. */
  onProgress?: ((text: string) => void) | undefined;
  /** Interrupts a download or a build. */
  signal?: AbortSignal | undefined;
}

/** Puts a program into a directory and resolves with the program's path. The error says why it did not work. */
export type BinarySource = (options: FetchOptions & { directory: string }) => Promise<string>;

export interface CachedBinaryOptions extends FetchOptions {
  /** The name in the cache, with the version. */
  fileName: string;
  /** Tried in this order when the cache has no binary. */
  sources: BinarySource[];
}

/**
 * The path of a cached program, which is fetched the first time. The cache is outside the checkout, so a fresh clone does not
 * build the program again.
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
  // Test files that run side by side would otherwise compile the same program twice, each at half the speed.
  const onWait = (holder: string) => onProgress(`waiting for ${fileName}, which ${holder} fetches`);
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
  return join(given?.startsWith('/') ? given : join(home, '.cache'), 'widget-store');
}

async function fetchInto(cached: string, { sources, ...options }: CachedBinaryOptions): Promise<void> {
  const { onProgress = reportProgress, signal } = options;
  // Inside the cache, so that the last step is a rename on one file system, and no process sees half a binary.
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

/** Copies first: the SDK keeps its download for its own later use. */
async function moveInto(cached: string, fetched: string): Promise<void> {
  const whole = `${fetched}.whole`;
  await copyFile(fetched, whole);
  await chmod(whole, 0o755);
  await rename(whole, cached);
}

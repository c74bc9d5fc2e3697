import { copyFile, chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './childProcess';
import { messageOf } from './errors';
import { findOnPath, isExecutable } from './findOnPath';
import { downloadTemporal, installTemporal, type TemporalSource, temporalVersion } from './temporalSources';

export interface TemporalBinaryOptions {
  /** PATH, HOME, XDG_CACHE_HOME, and what `go` needs. */
  environment: Environment;
  onProgress?: ((text: string) => void) | undefined;
  /** Interrupts a download or a build when aborted. */
  signal?: AbortSignal | undefined;
  /** Asked in this order when there is no binary yet: the official download, then `go install`. */
  sources?: TemporalSource[];
}

/**
 * The path of a Temporal CLI: `temporal` on PATH, else the binary cached by an earlier run, else one that is fetched and
 * then cached outside the checkout, so that a fresh clone does not build it again.
 *
 * @throws Error that says what failed and what to install
 */
export async function resolveTemporalBinary(options: TemporalBinaryOptions): Promise<string> {
  const { environment } = options;
  const onPath = await findOnPath(['temporal'], environment['PATH']);
  if (onPath) return onPath;
  const cached = join(cacheDir(environment), `temporal-${temporalVersion}`);
  if (await isExecutable(cached)) return cached;
  await fetchInto(cached, options);
  return cached;
}

function cacheDir(environment: Environment): string {
  const home = environment['HOME'] ?? homedir();
  // The XDG Base Directory Specification: a relative path is invalid and to be ignored.
  const given = environment['XDG_CACHE_HOME'];
  return join(given?.startsWith('/') ? given : join(home, '.cache'), 'widget-store');
}

async function fetchInto(cached: string, options: TemporalBinaryOptions): Promise<void> {
  const { environment, onProgress = () => {}, signal, sources = [downloadTemporal, installTemporal] } = options;
  const cache = cacheDir(environment);
  await mkdir(cache, { recursive: true });
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
  throw new Error(
    [
      'There is no Temporal server to run: temporal is not on PATH, and it could not be fetched.',
      ...reasons.map((reason) => `- ${reason}`),
      'Install the Temporal CLI (https://docs.temporal.io/cli) or Go 1.25 or newer, or set TEMPORAL_ADDRESS to a server.',
    ].join('\n'),
  );
}

/** A copy, because a download keeps its file for its own later use. */
async function moveInto(cached: string, fetched: string): Promise<void> {
  const whole = `${fetched}.whole`;
  await copyFile(fetched, whole);
  await chmod(whole, 0o755);
  await rename(whole, cached);
}

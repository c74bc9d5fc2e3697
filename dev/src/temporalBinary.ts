import { type BinarySource, cachedBinary } from './cachedBinary';
import type { Environment } from './childProcess';
import { messageOf } from './errors';
import { findOnPath } from './findOnPath';
import { downloadTemporal, installTemporal, temporalVersion } from './temporalSources';

export interface TemporalBinaryOptions {
  /** PATH, HOME, XDG_CACHE_HOME, and what `go` needs. */
  environment: Environment;
  onProgress?: ((text: string) => void) | undefined;
  /** Interrupts a download or a build when aborted. */
  signal?: AbortSignal | undefined;
  /** Asked in this order when there is no binary yet: the official download, then `go install`. */
  sources?: BinarySource[];
}

/**
 * The path of a Temporal CLI: `temporal` on PATH, else the binary cached by an earlier run, else one that is fetched.
 *
 * @throws Error that says what failed and what to install
 */
export async function resolveTemporalBinary(options: TemporalBinaryOptions): Promise<string> {
  const { environment, onProgress, signal, sources = [downloadTemporal, installTemporal] } = options;
  const onPath = await findOnPath(['temporal'], environment['PATH']);
  if (onPath) return onPath;
  try {
    return await cachedBinary({ fileName: `temporal-${temporalVersion}`, environment, onProgress, signal, sources });
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(
      [
        'There is no Temporal server to run: temporal is not on PATH, and it could not be fetched.',
        messageOf(error),
        'Install the Temporal CLI (https://docs.temporal.io/cli) or Go 1.25 or newer, or set TEMPORAL_ADDRESS to a server.',
      ].join('\n'),
      { cause: error },
    );
  }
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BinarySource, cachedBinary, type FetchOptions, reportProgress } from './cachedBinary';
import { cachedName, compileGoProgram, goPrograms } from './goPrograms';
import { isExecutable, resolveProgram } from './resolveProgram';
import { runToEnd } from './runToEnd';

interface TemporalBinaryOptions extends FetchOptions {
  /**
   * The sources to try, in this order, if there is no binary on PATH or in the cache. By default, the CLI is downloaded
   * or else compiled.
   */
  sources?: BinarySource[];
}

const { version } = goPrograms.temporal;
const downloadDeadlineMs = 60_000;

/**
 * Returns the path of a Temporal CLI: `temporal` on PATH, or else the cached binary, or else a binary that is fetched
 * now.
 *
 * @throws Error that says what failed and what to install
 */
export function resolveTemporalBinary(options: TemporalBinaryOptions): Promise<string> {
  const { sources = [downloadTemporal, compileTemporal], ...fetchOptions } = options;
  return resolveProgram({
    names: ['temporal'],
    environment: options.environment,
    signal: options.signal,
    fetch: () => cachedBinary({ ...fetchOptions, fileName: cachedName('temporal'), sources }),
    missing: 'There is no Temporal server to run: temporal is not on PATH, and it could not be fetched.',
    remedy:
      'Install the Temporal CLI (https://docs.temporal.io/cli) or Go 1.25 or newer, or set TEMPORAL_ADDRESS to a server.',
  });
}

/**
 * The Temporal SDK downloads its dev server only when it starts one, and cannot interrupt the download. So a separate
 * process downloads the dev server: to interrupt the download, we kill that process.
 */
const downloadScript = `
  const [, sdk, version, downloadDir] = process.argv;
  const executable = { type: 'cached-download', version, downloadDir };
  require(sdk).TestWorkflowEnvironment.createLocal({ server: { executable } })
    .then((server) => server.teardown())
    .catch((error) => { console.error(error.message); process.exitCode = 1; });
`;

const downloadTemporal: BinarySource = async ({ directory, environment, onProgress = reportProgress, signal }) => {
  onProgress(`downloading the Temporal dev server ${version}`);
  await runToEnd({
    name: 'the download of the Temporal dev server',
    command: process.execPath,
    args: ['-e', downloadScript, require.resolve('@temporalio/testing'), `v${version}`, directory],
    env: environment,
    deadlineMs: downloadDeadlineMs,
    signal,
  });
  for (const file of await readdir(directory)) {
    const path = join(directory, file);
    if (await isExecutable(path)) return path;
  }
  throw new Error('the download of the Temporal dev server produced no program');
};

export const compileTemporal = compileGoProgram('temporal');

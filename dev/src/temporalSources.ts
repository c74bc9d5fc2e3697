import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BinarySource } from './cachedBinary';
import { isExecutable } from './findOnPath';
import { goInstall } from './goInstall';
import { runToEnd } from './runToEnd';

/** Later versions cannot be had with `go install`: their go.mod has a replace directive. */
export const temporalVersion = '1.5.1';

const downloadDeadlineMs = 60_000;

/**
 * Lets the Temporal SDK download its dev server. It does so only by starting one, which cannot be interrupted: hence a
 * process of its own, which can be killed.
 */
const downloadScript = `
  const [, sdk, version, downloadDir] = process.argv;
  const executable = { type: 'cached-download', version, downloadDir };
  require(sdk).TestWorkflowEnvironment.createLocal({ server: { executable } })
    .then((server) => server.teardown())
    .catch((error) => { console.error(error.message); process.exitCode = 1; });
`;

/** The official binary, through `@temporalio/testing`. */
export const downloadTemporal: BinarySource = async ({ directory, environment, onProgress, signal }) => {
  onProgress(`downloading the Temporal dev server ${temporalVersion}`);
  const sdk = require.resolve('@temporalio/testing');
  await runToEnd({
    name: 'the download of the Temporal dev server',
    command: process.execPath,
    args: ['-e', downloadScript, sdk, `v${temporalVersion}`, directory],
    env: environment,
    deadlineMs: downloadDeadlineMs,
    signal,
  });
  for (const file of await readdir(directory)) {
    const path = join(directory, file);
    if (await isExecutable(path)) return path;
  }
  throw new Error('the download of the Temporal dev server left no program');
};

/** Compiles the Temporal CLI from its source. */
export const installTemporal: BinarySource = goInstall({
  what: `the Temporal dev server ${temporalVersion}`,
  takes: 'about 4 minutes on 2 cores and 250 MB, once only',
  module: `github.com/temporalio/cli/cmd/temporal@v${temporalVersion}`,
  program: 'temporal',
});

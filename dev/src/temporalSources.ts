import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, isExecutable } from './findOnPath';
import { runToEnd } from './runToEnd';
import type { Environment } from './childProcess';

/** Brings a Temporal CLI into a directory. Resolves with the program's path; the error says why it did not work. */
export type TemporalSource = (options: {
  directory: string;
  environment: Environment;
  onProgress: (text: string) => void;
  signal: AbortSignal | undefined;
}) => Promise<string>;

/** Later versions cannot be had with `go install`: their go.mod has a replace directive. */
export const temporalVersion = '1.5.1';

const downloadDeadlineMs = 60_000;
const installDeadlineMs = 30 * 60_000;
const signOfLifeMs = 10_000;

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
export const downloadTemporal: TemporalSource = async ({ directory, environment, onProgress, signal }) => {
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
export const installTemporal: TemporalSource = async ({ directory, environment, onProgress, signal }) => {
  const go = await findOnPath(['go'], environment['PATH']);
  if (!go) throw new Error('go is not on PATH, so the Temporal dev server cannot be compiled');
  onProgress(`compiling the Temporal dev server ${temporalVersion}: about 4 minutes on 2 cores and 250 MB, once only`);
  const startedAtMs = performance.now();
  let last = '';
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - startedAtMs) / 1000);
    onProgress(`still compiling the Temporal dev server: ${seconds} s so far${last}`);
  }, signOfLifeMs);
  try {
    await runToEnd({
      name: 'go install of the Temporal CLI',
      command: go,
      args: ['install', '-v', `github.com/temporalio/cli/cmd/temporal@v${temporalVersion}`],
      env: { ...environment, GOBIN: directory },
      cwd: directory,
      deadlineMs: installDeadlineMs,
      signal,
      onLine: (line) => {
        last = `, now at ${line.replace('go: downloading ', 'the download of ')}`;
      },
    });
  } finally {
    clearInterval(timer);
  }
  const seconds = Math.round((performance.now() - startedAtMs) / 1000);
  onProgress(`compiled the Temporal dev server in ${seconds} s`);
  return join(directory, 'temporal');
};

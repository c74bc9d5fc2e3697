import { join } from 'node:path';
import type { BinarySource } from './cachedBinary';
import { findOnPath } from './findOnPath';
import { runToEnd } from './runToEnd';

export interface GoProgram {
  /** How it is called in what is told, with its version. */
  what: string;
  /** Time and space, for whoever waits. */
  takes: string;
  /** Package path and exact version, as `go install` takes it. */
  module: string;
  /** The file that `go install` leaves. */
  program: string;
}

const deadlineMs = 30 * 60_000;
const signOfLifeMs = 10_000;

/** Compiles a Go program from its source. */
export function goInstall({ what, takes, module, program }: GoProgram): BinarySource {
  return async ({ directory, environment, onProgress, signal }) => {
    const go = await findOnPath(['go'], environment['PATH']);
    if (!go) throw new Error(`go is not on PATH, so ${what} cannot be compiled`);
    onProgress(`compiling ${what}: ${takes}`);
    const startedAtMs = performance.now();
    const elapsedSeconds = () => Math.round((performance.now() - startedAtMs) / 1000);
    let last = '';
    const timer = setInterval(
      () => onProgress(`still compiling ${what}: ${elapsedSeconds()} s so far${last}`),
      signOfLifeMs,
    );
    try {
      await runToEnd({
        name: `go install of ${what}`,
        command: go,
        args: ['install', '-v', module],
        env: { ...environment, GOBIN: directory },
        cwd: directory,
        deadlineMs,
        signal,
        onLine: (line) => {
          last = `, now at ${line.replace('go: downloading ', 'the download of ')}`;
        },
      });
    } finally {
      clearInterval(timer);
    }
    onProgress(`compiled ${what} in ${elapsedSeconds()} s`);
    return join(directory, program);
  };
}

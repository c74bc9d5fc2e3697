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
  /** The file that is left. */
  program: string;
}

const deadlineMs = 30 * 60_000;
const signOfLifeMs = 10_000;

/** Compiles a Go program from its source. */
export function goInstall(program: GoProgram): BinarySource {
  return compiled(program, [['install', '-v', program.module]]);
}

/**
 * The same for a program whose own go.mod has directives that `go install` refuses: it becomes a tool of an empty module,
 * where they do not count.
 */
export function goTool(program: GoProgram): BinarySource {
  const packagePath = program.module.split('@', 1).join('');
  return compiled(program, [
    ['mod', 'init', 'widget-store/tool'],
    ['get', '-tool', program.module],
    ['build', '-v', '-o', program.program, packagePath],
  ]);
}

/** @param steps arguments of `go`, one after the other in an empty directory */
function compiled({ what, takes, program }: GoProgram, steps: string[][]): BinarySource {
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
      for (const args of steps) {
        await runToEnd({
          name: `go ${args[0]} of ${what}`,
          command: go,
          args,
          env: { ...environment, GOBIN: directory },
          cwd: directory,
          deadlineMs,
          signal,
          onLine: (line) => {
            last = `, now at ${line.replace('go: downloading ', 'the download of ')}`;
          },
        });
      }
    } finally {
      clearInterval(timer);
    }
    onProgress(`compiled ${what} in ${elapsedSeconds()} s`);
    return join(directory, program);
  };
}

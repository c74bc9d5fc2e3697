import { readRepositoryFile } from '../support/repositoryFile';

const sources = {
  api: { path: 'services/api/src/main.ts', pattern: /shutdownGraceMs = (\d+)/, unitMs: 1 },
  worker: { path: 'services/worker/src/worker.ts', pattern: /shutdownForceTime: '(\d+) seconds'/, unitMs: 1000 },
};

/**
 * Returns the milliseconds that a program may take to end after SIGTERM, not counting SHUTDOWN_NOTICE_MS. Reads the
 * number from the program's source, because the program does not export it.
 */
export function drainMs(program: keyof typeof sources): number {
  const { path, pattern, unitMs } = sources[program];
  const [, number] = pattern.exec(readRepositoryFile(path)) ?? [];
  if (number === undefined) throw new Error(`${path} does not say how long it drains`);
  return Number(number) * unitMs;
}

import { type Command, spawnChild } from './childProcess';
import { lastLines } from './lastLines';

export interface RunOptions extends Command {
  /** The program's name in the error. */
  name: string;
  /** Milliseconds after which the program is killed. */
  deadlineMs: number;
  /** Aborting this signal kills the program. */
  signal?: AbortSignal | undefined;
  onLine?: (line: string) => void;
}

/**
 * Runs a program until it ends.
 *
 * @returns its last lines of output
 * @throws Error with the program's last lines if the program fails, is interrupted or does not end before the deadline
 */
export async function runToEnd({ name, deadlineMs, signal, onLine, ...command }: RunOptions): Promise<string[]> {
  signal?.throwIfAborted();
  const log = lastLines();
  const child = spawnChild(command, (line) => {
    log.push(line);
    onLine?.(line);
  });
  let cut: string | undefined;
  const end = (why: string): void => {
    cut ??= why;
    child.killGroup();
  };
  const onAbort = (): void => end('was interrupted');
  const timer = setTimeout(() => end(`did not end within ${deadlineMs / 1000} s`), deadlineMs);
  signal?.addEventListener('abort', onAbort);
  const how = await child.gone;
  clearTimeout(timer);
  signal?.removeEventListener('abort', onAbort);
  if (how === 'exited with status 0') return log.lines();
  throw new Error(log.describe(`${name} ${cut ?? how}`));
}

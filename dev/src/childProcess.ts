import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** The environment variables of a program. A variable whose value is undefined is not set. */
export type Environment = Record<string, string | undefined>;

/** The account that a program runs as. Only root may run a program as another account. */
export interface Account {
  uid: number;
  gid: number;
}

export interface Command {
  command: string;
  args: string[];
  /** The whole environment of the program: it inherits nothing from this process. */
  env: Environment;
  cwd?: string;
  account?: Account;
}

/** A running process that leads its own process group. */
export interface Child {
  /** Undefined if the program could not be started. In that case, the result of `gone` says why. */
  pid: number | undefined;
  /**
   * Resolves when no process of the group is left. The result says how the process ended, for example "exited with
   * status 1".
   */
  gone: Promise<string>;
  /** Sends a signal to the child only, not to its group. Does nothing if the process has ended. */
  signal(signal: NodeJS.Signals): void;
  killGroup(): void;
}

/**
 * The longest wait for the end of the output after the process has ended. A process that has left the group can keep
 * the output open, as Postgres's backends do.
 */
const outputEndMs = 250;

/**
 * Starts a program in its own process group. A Ctrl-C in the terminal therefore reaches only this process, which then
 * stops its children in order.
 *
 * @param onLine gets each line of standard output and standard error
 */
export function spawnChild({ command, args, env, cwd, account }: Command, onLine: (line: string) => void): Child {
  const options = { detached: true, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
  const child = spawn(command, args, { ...options, env, ...(cwd === undefined ? {} : { cwd }), ...account });
  createInterface({ input: child.stdout }).on('line', onLine);
  createInterface({ input: child.stderr }).on('line', onLine);
  const { pid } = child;
  const killGroup = (): void => {
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
  };
  const releaseGroup = pid === undefined ? () => {} : killGroupAfterUs(pid);
  const outputEnded = once(child, 'close').catch(() => {});
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(`could not be started: ${error.message}`));
    child.on('exit', (status, signal) => resolve(signal ? `was ended by ${signal}` : `exited with status ${status}`));
  });
  const gone = ended.then(async (how) => {
    killGroup();
    await Promise.race([outputEnded, delay(outputEndMs)]);
    releaseGroup();
    return how;
  });
  return { pid, gone, killGroup, signal: (signal) => void child.kill(signal) };
}

/** Returns true if a process with this id exists and this process is allowed to send it signals. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Sends a signal to every process of a group. Does nothing if there is no such group. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: there is no such group.
  }
}

/**
 * Kills a process group when this process ends for any reason. To do so, the function starts a shell that reads from a
 * pipe. The kernel closes the pipe when this process ends, and the shell then kills the group. An `exit` handler would
 * not run after SIGKILL, and jest never runs `exit` handlers.
 *
 * @returns a function that ends the shell. Without the shell, the group can outlive this process.
 */
function killGroupAfterUs(pid: number): () => void {
  const script = 'read -r _; kill -s KILL -- "-$1"';
  const shell = spawn('/bin/sh', ['-c', script, 'kill-group', String(pid)], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  // The pipe must not keep this process alive either. Node implements pipes as sockets, which have `unref`.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  (shell.stdin as unknown as { unref?: () => void }).unref?.();
  return () => void shell.kill('SIGKILL');
}

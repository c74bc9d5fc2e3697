import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** Variables of a program's environment; one that is undefined is not passed on. */
export type Environment = Record<string, string | undefined>;

/** An account to run a program as. Only root may choose another than its own. */
export interface Account {
  uid: number;
  gid: number;
}

/** What to run, and where. */
export interface Command {
  command: string;
  args: string[];
  /** The whole environment of the program: nothing is inherited. */
  env: Environment;
  cwd?: string;
  account?: Account;
}

/** One running process, the leader of a process group of its own. */
export interface Child {
  /** Undefined when the program could not be started; `gone` then says why. */
  pid: number | undefined;
  /** Resolves with how the process ended ("exited with status 1"), once nothing of its group is left. */
  gone: Promise<string>;
  /** Sends a signal to the process alone; does nothing when it has ended. */
  signal(signal: NodeJS.Signals): void;
  /** Ends the whole group at once. */
  killGroup(): void;
}

/** Output may be held open by a process that left the group, as Postgres's backends do, so the wait for it is bounded. */
const outputEndMs = 250;

/**
 * Starts a program in its own process group, so that a Ctrl-C in the terminal reaches only this process, which then stops
 * its children in order.
 *
 * @param onLine is given each line of standard output and standard error
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
  const letGo = pid === undefined ? () => {} : leash(pid);
  const outputEnded = once(child, 'close').catch(() => {});
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(`could not be started: ${error.message}`));
    child.on('exit', (status, signal) => resolve(signal ? `was ended by ${signal}` : `exited with status ${status}`));
  });
  const gone = ended.then(async (how) => {
    killGroup();
    await Promise.race([outputEnded, delay(outputEndMs)]);
    letGo();
    return how;
  });
  return { pid, gone, killGroup, signal: (signal) => void child.kill(signal) };
}

/** Whether there is a process with this id that we may signal. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Sends a signal to every process of a group; a group that no longer exists is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nothing is left of the group.
  }
}

/**
 * Ends a group when this process ends, however it ends: a shell waits on a pipe that the kernel closes with us. An `exit`
 * handler would miss SIGKILL, and inside jest it never runs at all.
 *
 * @returns lets the group go
 */
function leash(pid: number): () => void {
  const script = 'read -r _; kill -s KILL -- "-$1"';
  const shell = spawn('/bin/sh', ['-c', script, 'leash', String(pid)], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  // The pipe must not keep this process alive either; only a socket can be told so, and Node makes its pipes as sockets.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  (shell.stdin as unknown as { unref?: () => void }).unref?.();
  return () => void shell.kill('SIGKILL');
}

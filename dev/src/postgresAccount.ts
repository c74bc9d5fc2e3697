import { stat } from 'node:fs/promises';
import type { Account, Environment } from './childProcess';
import { runToEnd } from './runToEnd';

const commandDeadlineMs = 10_000;

/**
 * The account that Postgres runs as: Postgres refuses to run as root. Whoever owns the data already must go on with it;
 * else it is `postgres`, `nobody`, or, on a system that has neither, a new system account.
 *
 * @returns undefined when this process is not root and simply runs Postgres itself
 */
export async function postgresAccount(options: {
  dataDir: string;
  environment: Environment;
}): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(options.dataDir).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const { environment } = options;
  for (const name of ['postgres', 'nobody']) {
    const account = await accountOf(name, environment);
    if (account) return account;
  }
  const name = 'widget-store';
  await runToEnd({
    name: `useradd ${name}`,
    command: 'useradd',
    args: ['--system', '--user-group', '--shell', '/usr/sbin/nologin', name],
    env: environment,
    deadlineMs: commandDeadlineMs,
  });
  const created = await accountOf(name, environment);
  if (!created) throw new Error(`Postgres does not run as root, and the account ${name} made for it cannot be found`);
  return created;
}

/** Whether the account may pass through every directory down to this one. */
export async function canEnter(directory: string, account: Account): Promise<boolean> {
  return succeeds({ command: '/bin/sh', args: ['-c', 'cd -- "$1"', 'sh', directory], account });
}

/** Whether the account may run the program, which takes the directories on the way and the libraries beside it too. */
export async function canRun(program: string, account: Account): Promise<boolean> {
  return succeeds({ command: program, args: ['--version'], account });
}

async function succeeds(options: { command: string; args: string[]; account: Account }): Promise<boolean> {
  // The working directory is one that everybody may enter, or the answer would be about that one.
  const run = runToEnd({ ...options, name: options.command, cwd: '/', env: {}, deadlineMs: commandDeadlineMs });
  return run.then(
    () => true,
    () => false,
  );
}

async function accountOf(name: string, environment: Environment): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => idOf(flag, name, environment)));
    return uid && gid ? { uid, gid } : undefined;
  } catch {
    return undefined;
  }
}

async function idOf(flag: string, name: string, environment: Environment): Promise<number> {
  const lines = await runToEnd({
    name: `id ${name}`,
    command: 'id',
    args: [flag, name],
    env: environment,
    deadlineMs: commandDeadlineMs,
  });
  return Number(lines[0]);
}

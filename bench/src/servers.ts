import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import {
  createDatabase,
  freePorts,
  inheritedEnvironment,
  postgresProcess,
  postgresUrl,
  preparePostgres,
  resolveTemporalBinary,
  supervise,
  type SupervisedProcess,
  temporalClusterProcess,
  temporalProcess,
} from '@widget-store/dev';
import postgres from 'postgres';

/** Waits until a server or contestant has started, and stops that server or contestant at the end of the benchmark. */
export type Keep = <Started extends { stop(): Promise<void> }>(started: Promise<Started>) => Promise<Started>;

/** The versions of the Temporal server on a file and of the one on Postgres. */
export interface TemporalVersions {
  file?: string;
  postgres?: string;
}

const readyDeadlineMs = 60_000;
const namespace = 'default';

export interface PostgresServer {
  port: number;
  process: SupervisedProcess;
  /** Creates the database if it is missing, and resolves with the database's URL. */
  database(name: string): Promise<string>;
  /** Returns the settings that determine how durable and how fast a commit is. */
  settings(): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

export interface TemporalServer {
  address: string;
  version: string;
  process: SupervisedProcess;
  stop(): Promise<void>;
}

/**
 * Starts Postgres with its default durability. `fsync` and `synchronous_commit` are on, so a commit survives a power
 * cut.
 */
export async function startPostgres(directory: string): Promise<PostgresServer> {
  const { port } = await freePorts('port');
  const environment = inheritedEnvironment();
  const prepared = await preparePostgres({ dataDir: join(directory, 'postgres'), environment });
  const process = await started(supervise(postgresProcess(prepared, { port })));
  const database = async (name: string): Promise<string> => {
    await createDatabase({ port, database: name });
    return postgresUrl({ port, database: name });
  };
  const settings = () => settingsOf(postgresUrl({ port, database: 'postgres' }));
  return { port, process, database, settings, stop: () => process.stop() };
}

/** Starts the Temporal server of `make dev`. Its last writes survive a killed process, but not a power cut. */
export async function startTemporalOnFile(dbFile: string): Promise<TemporalServer> {
  const { port } = await freePorts('port');
  const environment = inheritedEnvironment();
  const binary = await resolveTemporalBinary({ environment });
  const process = await started(supervise(temporalProcess({ binary, port, dbFile, environment })));
  const address = `127.0.0.1:${port}`;
  return { address, version: await versionOf(address), process, stop: () => process.stop() };
}

/** Starts a Temporal server that keeps its runs in the same Postgres as the orders. */
export async function startTemporalOnPostgres(postgresPort: number, directory: string): Promise<TemporalServer> {
  const { port } = await freePorts('port');
  const environment = inheritedEnvironment();
  const options = { postgresPort, port, directory: join(directory, 'temporal'), environment };
  const process = await started(supervise(await temporalClusterProcess(options)));
  const address = `127.0.0.1:${port}`;
  await connected(address, ({ workflowService }) =>
    workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') }),
  );
  return { address, version: await versionOf(address), process, stop: () => process.stop() };
}

function versionOf(address: string): Promise<string> {
  return connected(address, async ({ workflowService }) => (await workflowService.getSystemInfo({})).serverVersion);
}

async function settingsOf(url: string): Promise<Record<string, string>> {
  const sql = postgres(url, { max: 1 });
  const rows = await sql<{ name: string; setting: string }[]>`
    select name, setting from pg_settings
    where name in ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_connections')`;
  await sql.end();
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

/** Counts the open runs of a task queue. The count may miss the latest changes. */
export function countOpenRuns({ address }: TemporalServer, taskQueue: string): Promise<number> {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  return connected(address, async ({ workflowService }) => {
    const { count } = await workflowService.countWorkflowExecutions({ namespace, query });
    return Number(count);
  });
}

async function connected<Result>(address: string, work: (connection: Connection) => Promise<Result>): Promise<Result> {
  const connection = await Connection.connect({ address });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

export async function started(process: SupervisedProcess): Promise<SupervisedProcess> {
  await process.whenReady({ deadlineMs: readyDeadlineMs });
  return process;
}

export function reportProgress(text: string): void {
  process.stderr.write(`${text}\n`);
}

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

const readyDeadlineMs = 60_000;
const namespace = 'default';

export interface PostgresServer {
  port: number;
  process: SupervisedProcess;
  /** Creates the database if it is missing, and resolves with the database's URL. */
  database(name: string): Promise<string>;
  stop(): Promise<void>;
}

export interface TemporalServer {
  address: string;
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
  return { port, process, database, stop: () => process.stop() };
}

/** Starts the Temporal server of `make dev`. Its last writes survive a killed process, but not a power cut. */
export async function startTemporalOnFile(dbFile: string): Promise<TemporalServer> {
  const { port } = await freePorts('port');
  const environment = inheritedEnvironment();
  const binary = await resolveTemporalBinary({ environment });
  const process = await started(supervise(temporalProcess({ binary, port, dbFile, environment })));
  return { address: `127.0.0.1:${port}`, process, stop: () => process.stop() };
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
  return { address, process, stop: () => process.stop() };
}

export function temporalVersion({ address }: TemporalServer): Promise<string> {
  return connected(address, async ({ workflowService }) => (await workflowService.getSystemInfo({})).serverVersion);
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

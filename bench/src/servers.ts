import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import {
  createDatabase,
  freePorts,
  inheritedEnvironment,
  postgresProcess,
  postgresUrl,
  preparePostgres,
  resolveTemporalBinary,
  runToEnd,
  supervise,
  type SupervisedProcess,
  temporalClusterProcess,
  temporalProcess,
} from '@widget-store/dev';

const readyDeadlineMs = 60_000;

/** What every contestant uses, and the tables say of it. */
export interface PostgresServer {
  port: number;
  process: SupervisedProcess;
  /** Makes the database unless it is there. @returns its URL */
  database(name: string): Promise<string>;
}

export interface TemporalServer {
  address: string;
  process: SupervisedProcess;
}

/** As it comes: `fsync` and `synchronous_commit` are on, what was answered as committed survives a power cut. */
export async function startPostgres(directory: string): Promise<PostgresServer> {
  const { port } = await freePorts('port');
  const environment = inheritedEnvironment();
  const prepared = await preparePostgres({ dataDir: join(directory, 'postgres'), environment });
  const running = await started(supervise(postgresProcess(prepared, { port })));
  const database = async (name: string): Promise<string> => {
    await createDatabase({ port, database: name });
    return postgresUrl({ port, database: name });
  };
  return { port, process: running, database };
}

/** The server of `make dev`: its file survives a killed process, not a power cut. */
export async function startTemporalOnFile(dbFile: string): Promise<TemporalServer> {
  const { port } = await freePorts('port');
  const environment = inheritedEnvironment();
  const binary = await resolveTemporalBinary({ environment, onProgress: tell });
  const running = await started(supervise(temporalProcess({ binary, port, dbFile, environment })));
  return { address: `127.0.0.1:${port}`, process: running };
}

/** The server of a production, with its runs in the Postgres that the stores use too. */
export async function startTemporalOnPostgres(postgresPort: number, directory: string): Promise<TemporalServer> {
  const membership = await freePorts('frontend', 'history', 'matching', 'worker');
  const ports = { ...(await freePorts('frontend', 'history', 'matching', 'worker')), membership };
  const environment = inheritedEnvironment();
  const options = { postgresPort, ports, directory: join(directory, 'temporal'), environment, onProgress: tell };
  const running = await started(supervise(await temporalClusterProcess(options)));
  const address = `127.0.0.1:${ports.frontend}`;
  await registerNamespace(address);
  return { address, process: running };
}

/** What the server says of itself. */
export function temporalVersion(server: TemporalServer): Promise<string> {
  return connected(server, async ({ workflowService }) => (await workflowService.getSystemInfo({})).serverVersion);
}

/** Runs of a task queue that have not ended, as far as the server's list knows. */
export function countOpenRuns(server: TemporalServer, taskQueue: string): Promise<number> {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  return connected(server, async ({ workflowService }) => {
    const { count } = await workflowService.countWorkflowExecutions({ namespace: 'default', query });
    return Number(count);
  });
}

async function connected<Result>(
  { address }: TemporalServer,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await Connection.connect({ address });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

async function registerNamespace(address: string): Promise<void> {
  const environment = inheritedEnvironment();
  const command = await resolveTemporalBinary({ environment, onProgress: tell });
  const args = [
    'operator',
    'namespace',
    'create',
    '--namespace',
    'default',
    '--retention',
    '24h',
    '--address',
    address,
  ];
  await runToEnd({
    name: 'temporal operator namespace create',
    command,
    args,
    env: environment,
    deadlineMs: readyDeadlineMs,
  });
}

export async function started(process: SupervisedProcess): Promise<SupervisedProcess> {
  await process.whenReady({ deadlineMs: readyDeadlineMs });
  return process;
}

export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

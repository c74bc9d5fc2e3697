import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FetchOptions } from './cachedBinary';
import { goProgram } from './goPrograms';
import { freePorts } from './ports';
import { createDatabase } from './postgres';
import { runToEnd } from './runToEnd';
import type { SuperviseOptions } from './supervisor';
import { clusterConfig, type ClusterTls, databases } from './temporalClusterConfig';
import { settingsOfOneMachine } from './temporalServer';

const schemaDeadlineMs = 120_000;
const probeDeadlineMs = 2_000;

interface TemporalClusterOptions extends FetchOptions {
  /** Port of the Postgres on 127.0.0.1 that stores the runs. */
  postgresPort: number;
  /** Port for clients, on 127.0.0.1. */
  port: number;
  /** Absolute path of the directory for the server's configuration. */
  directory: string;
  /** See `ClusterConfigOptions`. */
  tls?: ClusterTls;
}

/**
 * Returns how to run a Temporal server that is not the dev server: all four services in one process, with the runs in
 * Postgres. Creates or updates the server's databases first. A new server has no namespace yet.
 *
 * @throws Error if the server or its schema tool is not cached and cannot be compiled
 */
export async function temporalClusterProcess(options: TemporalClusterOptions): Promise<SuperviseOptions> {
  const { directory, port, postgresPort, tls } = options;
  const ports = { ...(await freePorts('history', 'matching', 'worker')), frontend: port };
  const membershipPorts = await freePorts('frontend', 'history', 'matching', 'worker');
  const command = await goProgram('temporal-server', options);
  const tool = await goProgram('temporal-sql', options);
  for (const database of Object.values(databases)) await makeSchema(tool, { ...database, postgresPort });
  await mkdir(directory, { recursive: true });
  const config = clusterConfig({ ports, membershipPorts, postgresPort, directory, tls });
  await writeFile(join(directory, 'cluster.yaml'), JSON.stringify(config));
  const settings = Object.entries(settingsOfOneMachine).map(([key, value]) => [key, [{ value }]]);
  await writeFile(join(directory, 'dynamic.yaml'), JSON.stringify(Object.fromEntries(settings)));
  return {
    name: 'temporal cluster',
    command,
    args: ['--root', directory, '--config', '.', '--env', 'cluster', '--allow-no-auth', 'start'],
    cwd: directory,
    // The garbage collector runs less often than by default, as in our dev server.
    env: { GOGC: '400' },
    isReady: () => isServing(port, tls),
  };
}

/** Asks the health service, because the port opens long before the services have found each other. */
async function isServing(port: number, tls: ClusterTls | undefined): Promise<boolean> {
  const { Connection } = await import('@temporalio/client');
  const connection = Connection.lazy({ address: `127.0.0.1:${port}`, ...(tls && { tls: loginWith(tls) }) });
  const check = () => connection.healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' });
  try {
    const { status } = await connection.withDeadline(Date.now() + probeDeadlineMs, check);
    // In grpc.health.v1, the status 1 is SERVING.
    return `${status}` === '1';
  } finally {
    await connection.close();
  }
}

function loginWith({ authority, serverName, client }: ClusterTls) {
  return {
    serverNameOverride: serverName,
    serverRootCACertificate: Buffer.from(authority),
    clientCertPair: { crt: Buffer.from(client.cert), key: Buffer.from(client.key) },
  };
}

/** Creates the database and its tables. If an earlier start has created them, applies only newer schema versions. */
async function makeSchema(
  tool: string,
  { name, schema, postgresPort }: { name: string; schema: string; postgresPort: number },
): Promise<void> {
  await createDatabase({ port: postgresPort, database: name });
  const connection = ['--plugin', 'postgres12_pgx', '--ep', '127.0.0.1', '-p', String(postgresPort)];
  const steps = [
    ['setup-schema', '-v', '0.0'],
    ['update-schema', '--schema-name', `postgresql/v12/${schema}`],
  ];
  for (const step of steps) {
    await runToEnd({
      name: `temporal-sql ${step[0]} of ${name}`,
      command: tool,
      args: [...connection, '-u', 'postgres', '--db', name, ...step],
      env: {},
      deadlineMs: schemaDeadlineMs,
    });
  }
}

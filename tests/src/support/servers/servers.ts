import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflows } from '@widget-store/worker';
import {
  builtPrograms,
  createDatabase,
  freePorts,
  gatewayProcess,
  inheritedEnvironment,
  postgresProcess,
  postgresUrl,
  preparePostgres,
  repositoryRoot,
  resolveTemporalBinary,
  supervise,
  type SupervisedProcess,
  temporalProcess,
  type TemporaryDirectory,
  temporaryDirectory,
} from '@widget-store/dev';
import { migrateDatabase, seedCatalogue } from '@widget-store/db';
import { demoProducts } from './demoProducts';

export interface SharedServers {
  postgresPort: number;
  /** The name of a migrated and seeded database, which each test file copies. */
  templateDatabase: string;
  temporalAddress: string;
  temporalBinary: string;
  bundlePath: string;
  /** Unlike the gateway of a test store, this gateway sends no webhooks. */
  gateway: { url: string; apiKey: string };
}

const startDeadlineMs = 60_000;
const answerDeadlineMs = 5_000;
const templateDatabase = 'widget_store_template';

/**
 * With this setting, the Temporal server deletes a closed run at once. Without it, a deletion would wait for a task
 * that runs twice a minute.
 */
const deleteAtOnce = { 'history.transferProcessorEnsureCloseBeforeDelete': false };

export interface RunningServers {
  shared: SharedServers;
  /** Says which servers have died or no longer answer. After such a loss, every test that needs the server fails. */
  problems(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startSharedServers(): Promise<RunningServers> {
  const environment = inheritedEnvironment();
  const directory = await temporaryDirectory();
  const ports = await freePorts('postgres', 'temporal', 'gateway');
  const temporalBinary = await resolveTemporalBinary({ environment });
  const prepared = await preparePostgres({ dataDir: join(directory.path, 'postgres'), throwaway: true, environment });
  const postgres = supervise(postgresProcess(prepared, { port: ports.postgres }));
  const dbFile = join(directory.path, 'temporal.db');
  const temporal = supervise(
    temporalProcess({ binary: temporalBinary, port: ports.temporal, dbFile, environment, settings: deleteAtOnce }),
  );
  const gatewayApiKey = randomBytes(16).toString('hex');
  const gateway = supervise(
    gatewayProcess({
      program: join(repositoryRoot, builtPrograms.gateway),
      dataDir: directory.path,
      port: ports.gateway,
      apiUrl: 'http://127.0.0.1:9',
      gatewayApiKey,
      webhookSecret: `whsec_${randomBytes(32).toString('base64')}`,
      environment,
    }),
  );
  const processes = [gateway, temporal, postgres];
  try {
    const bundlePath = join(directory.path, 'workflows.bundle.js');
    const [bundle] = await Promise.all([
      bundleWorkflows(),
      makeTemplate(postgres, ports.postgres),
      temporal.whenReady({ deadlineMs: startDeadlineMs }),
      gateway.whenReady({ deadlineMs: startDeadlineMs }),
    ]);
    await writeFile(bundlePath, bundle.code);
    const temporalAddress = `127.0.0.1:${ports.temporal}`;
    const sharedGateway = { url: `http://127.0.0.1:${ports.gateway}`, apiKey: gatewayApiKey };
    await loseWebhooks(sharedGateway);
    const shared = {
      postgresPort: ports.postgres,
      templateDatabase,
      temporalAddress,
      temporalBinary,
      bundlePath,
      gateway: sharedGateway,
    };
    return { shared, problems: () => problemsOf(processes), stop: () => stop(processes, directory) };
  } catch (error) {
    await stop(processes, directory);
    throw error;
  }
}

async function makeTemplate(postgres: SupervisedProcess, port: number): Promise<void> {
  await postgres.whenReady({ deadlineMs: startDeadlineMs });
  await createDatabase({ port, database: templateDatabase });
  const url = postgresUrl({ port, database: templateDatabase });
  await migrateDatabase(url);
  await seedCatalogue(url, demoProducts);
}

async function loseWebhooks({ url, apiKey }: SharedServers['gateway']): Promise<void> {
  const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' };
  await fetch(`${url}/sandbox/behaviour`, { method: 'PUT', headers, body: JSON.stringify({ lose: true }) });
}

async function problemsOf(processes: SupervisedProcess[]): Promise<string[]> {
  const problems = processes.map(async (server) => {
    const deaths = server.restarts > 0 ? [`the shared ${server.name} died ${server.restarts} times`] : [];
    const silence = await server.whenReady({ deadlineMs: answerDeadlineMs }).then(
      () => [],
      (error: unknown) => [`the shared ${server.name} does not answer: ${String(error)}`],
    );
    return [...deaths, ...silence];
  });
  return (await Promise.all(problems)).flat();
}

async function stop(processes: SupervisedProcess[], directory: TemporaryDirectory): Promise<void> {
  await Promise.all(processes.map((process) => process.stop()));
  await directory.remove();
}

import { join } from 'node:path';
import { bundleWorkflows } from '@widget-store/worker';
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
  temporalProcess,
  type TemporaryDirectory,
  temporaryDirectory,
} from '@widget-store/dev';
import { migrateDatabase, seedCatalogue } from '@widget-store/db';
import { writeFile } from 'node:fs/promises';

/** What every test file of a run shares: one Postgres, one Temporal server and one workflow bundle. */
export interface SharedServers {
  postgresPort: number;
  temporalAddress: string;
  temporalBinary: string;
  bundlePath: string;
}

/** A migrated and seeded database that each test file copies for itself. */
export const templateDatabase = 'widget_store_template';

const startDeadlineMs = 60_000;

export interface RunningServers {
  shared: SharedServers;
  stop(): Promise<void>;
}

export async function startSharedServers(): Promise<RunningServers> {
  const environment = inheritedEnvironment();
  const onProgress = (text: string): void => void process.stderr.write(`${text}\n`);
  const directory = await temporaryDirectory();
  const ports = await freePorts('postgres', 'temporal');
  const temporalBinary = await resolveTemporalBinary({ environment, onProgress });
  const prepared = await preparePostgres({ dataDir: join(directory.path, 'postgres'), throwaway: true, environment });
  const postgres = supervise(postgresProcess(prepared, { port: ports.postgres }));
  const temporal = supervise(temporalProcess({ binary: temporalBinary, port: ports.temporal, environment }));
  const running = { postgres, temporal, directory };
  try {
    const bundlePath = join(directory.path, 'workflows.bundle.js');
    const [bundle] = await Promise.all([
      bundleWorkflows(),
      makeTemplate(postgres, ports.postgres),
      temporal.whenReady({ deadlineMs: startDeadlineMs }),
    ]);
    await writeFile(bundlePath, bundle.code);
    const temporalAddress = `127.0.0.1:${ports.temporal}`;
    const shared = { postgresPort: ports.postgres, temporalAddress, temporalBinary, bundlePath };
    return { shared, stop: () => stop(running) };
  } catch (error) {
    await stop(running);
    throw error;
  }
}

async function makeTemplate(postgres: SupervisedProcess, port: number): Promise<void> {
  await postgres.whenReady({ deadlineMs: startDeadlineMs });
  await createDatabase({ port, database: templateDatabase });
  const url = postgresUrl({ port, database: templateDatabase });
  await migrateDatabase(url);
  await seedCatalogue(url);
}

async function stop(running: {
  postgres: SupervisedProcess;
  temporal: SupervisedProcess;
  directory: TemporaryDirectory;
}): Promise<void> {
  await Promise.all([running.temporal.stop(), running.postgres.stop()]);
  await running.directory.remove();
}

import { join } from 'node:path';
import { builtPrograms, repositoryRoot, runToEnd, type TemporaryDirectory } from '@widget-store/dev';
import type { ContestantName } from './contestant';
import { grownTemporal, growDatabase } from './grow';
import { Results } from './results';
import type { Field } from './scenarios/scenario';
import { startPostgres, startTemporalOnFile, startTemporalOnPostgres, tell, temporalVersion } from './servers';
import { type Running, type RunningStore, startOther, startOurs } from './stores';

const grownFile = join(repositoryRoot, '.data', 'bench', 'temporal-grown.db');

/** Every contestant, running, and how all of it is stopped again. */
export interface OpenField extends Field {
  postgresSettings: Record<string, string>;
  temporalVersions: { file: string; postgres: string };
  close(): Promise<void>;
}

/** Starts the servers and every contestant. */
export async function openField(directory: TemporaryDirectory, options: { quick: boolean }): Promise<OpenField> {
  const stops: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const stop of stops.toReversed()) await stop();
  };
  try {
    return { ...(await startAll(directory.path, stops, options)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startAll(
  path: string,
  stops: (() => Promise<unknown>)[],
  { quick }: { quick: boolean },
): Promise<Omit<OpenField, 'close'>> {
  const keep = <Started extends { stop(): Promise<void> }>(started: Started): Started => {
    stops.push(() => started.stop());
    return started;
  };
  tell('starting Postgres and three Temporal servers');
  const postgres = await startPostgres(path);
  keep(postgres.process);
  const onFile = await startTemporalOnFile(join(path, 'temporal.db'));
  keep(onFile.process);
  const onPostgres = await startTemporalOnPostgres(postgres.port, path);
  keep(onPostgres.process);
  await grownTemporal(grownFile, join(path, 'temporal-grown.db'), { quick });
  const grown = await startTemporalOnFile(join(path, 'temporal-grown.db'));
  keep(grown.process);

  tell('starting the contestants');
  const servers = { postgres, directory: path };
  const store = keep(await startOurs('store-file', { ...servers, temporal: onFile }));
  const contestants: Partial<Record<ContestantName, Running>> = {
    'store-file': store,
    'store-postgres': keep(await startOurs('store-postgres', { ...servers, temporal: onPostgres })),
  };
  const grownStore = keep(await startOurs('store-grown', { ...servers, temporal: grown }));
  await growDatabase(grownStore.sql, { quick });
  contestants['store-grown'] = grownStore;
  const bare = { api: 'bench/dist/floor/bareApi.js', worker: 'bench/dist/floor/bareWorker.js' };
  for (const [name, temporal] of [
    ['bare-file', onFile],
    ['bare-postgres', onPostgres],
  ] as const) {
    const environment = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_TASK_QUEUE: name };
    contestants[name] = keep(await startOther(name, { ...bare, environment }, { postgres, temporal }));
  }
  for (const [name, shape] of [
    ['dbos', 'sleeps'],
    ['dbos-step', 'step'],
  ] as const) {
    const environment = {
      DATABASE_URL: await postgres.database(name),
      DBOS_SYSTEM_DATABASE_URL: await postgres.database(`${name}-system`),
      DISPATCH_SHAPE: shape,
    };
    contestants[name] = keep(
      await startOther(name, { api: 'bench/peers/dbos/dist/main.js', environment }, { postgres }),
    );
  }
  const plain = { DATABASE_URL: await migrated(await postgres.database('plain')) };
  contestants.plain = keep(
    await startOther('plain', { api: 'bench/dist/floor/plainApi.js', environment: plain }, { postgres }),
  );

  let replicated: RunningStore | undefined;
  return {
    contestants,
    store,
    grown: grownStore,
    plainDatabaseUrl: plain.DATABASE_URL,
    replicated: async () =>
      (replicated ??= keep(await startOurs('store-replicated', { ...servers, temporal: onFile }, { replicas: 1 }))),
    results: new Results(),
    scale: (durationMs) => (quick ? durationMs / 10 : durationMs),
    tell,
    postgresSettings: await settingsOf(store.sql),
    temporalVersions: { file: await temporalVersion(onFile), postgres: await temporalVersion(onPostgres) },
  };
}

/** What decides how durable an answer is. */
async function settingsOf(sql: RunningStore['sql']): Promise<Record<string, string>> {
  const rows = await sql<{ name: string; setting: string }[]>`
    select name, setting from pg_settings
    where name in ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_connections')`;
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

async function migrated(url: string): Promise<string> {
  for (const program of [builtPrograms.migrate, builtPrograms.seed]) {
    await runToEnd({
      name: program,
      command: process.execPath,
      args: [join(repositoryRoot, program)],
      env: { DATABASE_URL: url },
      deadlineMs: 60_000,
    });
  }
  return url;
}

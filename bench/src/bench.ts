import { join } from 'node:path';
import { builtPrograms, repositoryRoot, runToEnd } from '@widget-store/dev';
import type { Contestant, ContestantName, OwnStore } from './contestant';
import { checkStoreEvents } from './floor/storeEvents';
import { copyGrownTemporal, growDatabase } from './grow';
import { Results } from './results';
import {
  type PostgresServer,
  reportProgress,
  startPostgres,
  startTemporalOnFile,
  startTemporalOnPostgres,
  type TemporalServer,
  temporalVersion,
} from './servers';
import { startOther, startOwnStore } from './stores';

type AlwaysRunning = Exclude<ContestantName, 'store-replicated'>;
type OwnStoreName = Extract<AlwaysRunning, `store-${string}`>;
type Contestants = Record<AlwaysRunning, Contestant> & Record<OwnStoreName, OwnStore>;

/** All running contestants, and everything that a scenario needs to measure them. */
export interface Bench {
  contestants: Contestants;
  /**
   * Returns `store-replicated`, which is like `store-file` but has two apis and two workers. The first call starts it.
   */
  replicated: () => Promise<OwnStore>;
  /** The database of the contestant `plain`. No background process changes it. */
  plainDatabaseUrl: string;
  results: Results;
  /** Shortens a duration for a quick run. */
  scale: (durationMs: number) => number;
  /** The Postgres settings that determine how durable a commit is. */
  postgresSettings: Record<string, string>;
  temporalVersions: { file: string; postgres: string };
}

/** Waits until a server or contestant has started, and stops that server or contestant at the end of the benchmark. */
type Keep = <Started extends { stop(): Promise<void> }>(started: Promise<Started>) => Promise<Started>;

interface BenchOptions {
  /** The directory for the servers' data. */
  directory: string;
  quick: boolean;
}

/** Starts the servers and the contestants, runs `work`, and then stops everything that was started. */
export async function withBench(options: BenchOptions, work: (bench: Bench) => Promise<void>): Promise<void> {
  const stops: (() => Promise<void>)[] = [];
  const keep: Keep = async (starting) => {
    const started = await starting;
    stops.push(() => started.stop());
    return started;
  };
  try {
    await work(await startBench(options, keep));
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

async function startBench({ directory, quick }: BenchOptions, keep: Keep): Promise<Bench> {
  await checkStoreEvents(join(repositoryRoot, 'tests', 'histories'));
  reportProgress('starting Postgres and three Temporal servers');
  const postgres = await keep(startPostgres(directory));
  const onFile = await keep(startTemporalOnFile(join(directory, 'temporal.db')));
  const onPostgres = await keep(startTemporalOnPostgres(postgres.port, directory));
  const grownFile = join(directory, 'temporal-grown.db');
  await copyGrownTemporal(grownFile, { quick });
  const grown = await keep(startTemporalOnFile(grownFile));

  reportProgress('starting the contestants');
  const own = { postgres, directory };
  const stores = {
    'store-file': await keep(startOwnStore('store-file', { ...own, temporal: onFile })),
    'store-postgres': await keep(startOwnStore('store-postgres', { ...own, temporal: onPostgres })),
    'store-grown': await keep(startOwnStore('store-grown', { ...own, temporal: grown })),
  };
  await growDatabase(stores['store-grown'].sql, { quick });
  const plainDatabaseUrl = await migrated(await postgres.database('plain'));
  let replicated: Promise<OwnStore> | undefined;
  return {
    contestants: { ...stores, ...(await startOthers({ postgres, onFile, onPostgres, plainDatabaseUrl }, keep)) },
    replicated: () =>
      (replicated ??= keep(startOwnStore('store-replicated', { ...own, temporal: onFile, replicas: 1 }))),
    plainDatabaseUrl,
    results: new Results(),
    scale: (durationMs) => (quick ? durationMs / 10 : durationMs),
    postgresSettings: await settingsOf(stores['store-file'].sql),
    temporalVersions: { file: await temporalVersion(onFile), postgres: await temporalVersion(onPostgres) },
  };
}

interface Servers {
  postgres: PostgresServer;
  onFile: TemporalServer;
  onPostgres: TemporalServer;
  plainDatabaseUrl: string;
}

async function startOthers(
  { postgres, onFile, onPostgres, plainDatabaseUrl }: Servers,
  keep: Keep,
): Promise<Omit<Contestants, OwnStoreName>> {
  const startBare = (name: ContestantName, temporal: TemporalServer): Promise<Contestant> => {
    const environment = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_TASK_QUEUE: name };
    const programs = { api: 'bench/dist/floor/bareApi.js', worker: 'bench/dist/floor/bareWorker.js' };
    return keep(startOther(name, { ...programs, environment, postgres, temporal }));
  };
  const startDbos = async (name: ContestantName, dispatchShape: string): Promise<Contestant> => {
    const environment = {
      DATABASE_URL: await postgres.database(name),
      DBOS_SYSTEM_DATABASE_URL: await postgres.database(`${name}-system`),
      DISPATCH_SHAPE: dispatchShape,
    };
    return keep(startOther(name, { api: 'bench/peers/dbos/dist/main.js', environment, postgres }));
  };
  const plain = { api: 'bench/dist/floor/plainApi.js', environment: { DATABASE_URL: plainDatabaseUrl }, postgres };
  return {
    'bare-file': await startBare('bare-file', onFile),
    'bare-postgres': await startBare('bare-postgres', onPostgres),
    dbos: await startDbos('dbos', 'sleeps'),
    'dbos-step': await startDbos('dbos-step', 'step'),
    plain: await keep(startOther('plain', plain)),
  };
}

async function settingsOf(sql: OwnStore['sql']): Promise<Record<string, string>> {
  const rows = await sql<{ name: string; setting: string }[]>`
    select name, setting from pg_settings
    where name in ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_connections')`;
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

async function migrated(url: string): Promise<string> {
  for (const program of [builtPrograms.migrate, builtPrograms.seed]) {
    const command = { command: process.execPath, args: [join(repositoryRoot, program)], env: { DATABASE_URL: url } };
    await runToEnd({ name: program, ...command, deadlineMs: 60_000 });
  }
  return url;
}

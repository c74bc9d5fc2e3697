import { join } from 'node:path';
import type { Contestant, ContestantName, Contestants, OwnStore } from './contestant';
import { copyGrownTemporal, growDatabase } from './grow';
import { closedLoop } from './load/loops';
import { buy } from './load/shop';
import { clients, plenty } from './scenarios/interleave';
import {
  type Keep,
  type PostgresServer,
  reportProgress,
  startTemporalOnFile,
  startTemporalOnPostgres,
  type TemporalServer,
  type TemporalVersions,
} from './servers';
import { startOther, startOwnStore } from './stores';

interface Options {
  postgres: PostgresServer;
  /** The directory for the servers' data. */
  directory: string;
  quick: boolean;
  /** Shortens a duration for a quick run. */
  scale: (durationMs: number) => number;
  plainDatabaseUrl: string;
  /** Filled in as the Temporal servers start. */
  temporalVersions: TemporalVersions;
  keep: Keep;
}

/**
 * Returns a function for each contestant. The first call starts the contestant and the Temporal server that it needs,
 * and lets it sell until its code is compiled and its caches are full.
 */
export function startersOf(options: Options): { [Name in ContestantName]: () => Promise<Contestants[Name]> } {
  const { postgres, directory, quick, scale, plainDatabaseUrl, temporalVersions, keep } = options;
  const onFile = once(async () => {
    const server = await keep(startTemporalOnFile(join(directory, 'temporal.db')));
    temporalVersions.file = server.version;
    return server;
  });
  const onPostgres = once(async () => {
    const server = await keep(startTemporalOnPostgres(postgres.port, directory));
    temporalVersions.postgres = server.version;
    return server;
  });
  const onGrownFile = async (): Promise<TemporalServer> => {
    const dbFile = join(directory, 'temporal-grown.db');
    await copyGrownTemporal(dbFile, { quick });
    return keep(startTemporalOnFile(dbFile));
  };

  const startStore = (name: ContestantName, temporal: TemporalServer, replicas = 0): Promise<OwnStore> =>
    keep(startOwnStore(name, { postgres, directory, temporal, replicas }));
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

  const warm = <Started extends Contestant>(begin: () => Promise<Started>): (() => Promise<Started>) =>
    once(async () => {
      const started = await begin();
      reportProgress(`warming up ${started.name}`);
      await started.restock(plenty);
      await closedLoop({ clients, warmUpMs: scale(4000), durationMs: 0 }, () => buy(started.shop, 'failed'));
      return started;
    });

  return {
    'store-file': warm(async () => startStore('store-file', await onFile())),
    'store-postgres': warm(async () => startStore('store-postgres', await onPostgres())),
    'store-grown': warm(async () => {
      const store = await startStore('store-grown', await onGrownFile());
      await growDatabase(store.sql, { quick });
      return store;
    }),
    'store-replicated': warm(async () => startStore('store-replicated', await onFile(), 1)),
    'bare-file': warm(async () => startBare('bare-file', await onFile())),
    'bare-postgres': warm(async () => startBare('bare-postgres', await onPostgres())),
    dbos: warm(() => startDbos('dbos', 'sleeps')),
    'dbos-step': warm(() => startDbos('dbos-step', 'step')),
    plain: warm(() => keep(startOther('plain', plain))),
  };
}

/** Returns a function that calls `make` once, and then always returns the same promise. */
function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => (made ??= make());
}

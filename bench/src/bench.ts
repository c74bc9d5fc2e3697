import { join } from 'node:path';
import { builtPrograms, repositoryRoot, runToEnd } from '@widget-store/dev';
import type { ContestantName, Contestants } from './contestant';
import { checkStoreEvents } from './floor/storeEvents';
import { Results } from './results';
import { type Keep, reportProgress, startPostgres, type TemporalVersions } from './servers';
import { startersOf } from './starters';

/** Everything that a scenario needs to measure contestants. */
export interface Bench {
  /**
   * Returns a contestant. If it does not run yet, it is started, and sells for some seconds until its code is compiled
   * and its caches are full. It then runs until the end of the benchmark.
   */
  start: <Name extends ContestantName>(name: Name) => Promise<Contestants[Name]>;
  /** The database of the contestant `plain`. No background process changes it. */
  plainDatabaseUrl: string;
  results: Results;
  /** Shortens a duration for a quick run. */
  scale: (durationMs: number) => number;
  /** The Postgres settings that determine how durable a commit is. */
  postgresSettings: Record<string, string>;
  /** The versions of the Temporal servers that have been started. */
  temporalVersions: TemporalVersions;
}

interface BenchOptions {
  /** The directory for the servers' data. */
  directory: string;
  quick: boolean;
}

/** Starts Postgres, runs `work`, and then stops Postgres and all servers and contestants that were started. */
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
  reportProgress('starting Postgres');
  const postgres = await keep(startPostgres(directory));
  const plainDatabaseUrl = await migrated(await postgres.database('plain'));
  const temporalVersions: TemporalVersions = {};
  const scale = (durationMs: number): number => (quick ? durationMs / 10 : durationMs);
  const starters = startersOf({ postgres, directory, quick, scale, plainDatabaseUrl, temporalVersions, keep });
  return {
    start: (name) => starters[name](),
    plainDatabaseUrl,
    results: new Results(),
    scale,
    postgresSettings: await postgres.settings(),
    temporalVersions,
  };
}

async function migrated(url: string): Promise<string> {
  for (const program of [builtPrograms.migrate, builtPrograms.seed]) {
    const command = { command: process.execPath, args: [join(repositoryRoot, program)], env: { DATABASE_URL: url } };
    await runToEnd({ name: program, ...command, deadlineMs: 60_000 });
  }
  return url;
}

import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { countOpenRuns, withTemporal } from '../chaos/collect';
import type { Stage } from '../chaos/stage';

export interface OpenWork {
  /** The time in milliseconds since the epoch. */
  atMs: number;
  runs: number;
  /** The number of connections to Postgres, by application. */
  connections: { api: number; worker: number };
}

type Watched = Pick<Stage, 'inspect' | 'store' | 'taskQueue'>;

/** Polls Temporal and Postgres until `stop` is aborted. Skips reads that fail. */
export async function watchOpenWork(
  stage: Watched,
  { file, everyMs, stop }: { file: string; everyMs: number; stop: AbortSignal },
): Promise<void> {
  while (!stop.aborted) {
    const look = await lookAtOpenWork(stage).catch(() => undefined);
    if (look !== undefined) appendFileSync(file, `${JSON.stringify(look)}\n`);
    await delay(everyMs, undefined, { signal: stop }).catch(() => {});
  }
}

export async function lookAtOpenWork(stage: Watched): Promise<OpenWork> {
  const runs = await withTemporal(stage, (client) => countOpenRuns(client, stage.taskQueue));
  const rows = await stage.inspect(
    (sql) => sql<{ name: string; count: number }[]>`
      select application_name as name, count(*)::int as count from pg_stat_activity
      where application_name like 'widget-store %' group by application_name`,
  );
  const of = (name: string): number => rows.find((row) => row.name === `widget-store ${name}`)?.count ?? 0;
  return { atMs: Date.now(), runs, connections: { api: of('api'), worker: of('worker') } };
}

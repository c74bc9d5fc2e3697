import { setTimeout as delay } from 'node:timers/promises';
import type postgres from 'postgres';
import { eventually } from '../../support/eventually';
import type { Stage } from '../stage';
import { type Effect, type Fault, type FaultPlanOptions, recoveryDeadlineMs } from './fault';

/** The SQLSTATE disk_full (PostgreSQL documentation, appendix A). */
const diskFull = '53100';

export function diskFaults({ random }: FaultPlanOptions): Fault[] {
  const holdMs = random.between(4000, 10_000);
  return [{ family: 'disk', kind: 'disk full', target: 'postgres', inflict: (stage) => fillDisk(stage, holdMs) }];
}

async function fillDisk({ disk, inspect, members }: Stage, holdMs: number): Promise<Effect> {
  if (disk === undefined) throw new Error('Postgres has no file system of its own here');
  try {
    const bytes = disk.fill();
    const write = (sql: postgres.Sql) =>
      sql`create table ballast as select repeat('x', 1000) from generate_series(1, 20000)`;
    const code = await eventually(
      () =>
        inspect(write).then(
          () => 'it was written',
          (error: { code?: string }) => error.code ?? 'no code',
        ),
      (answer) => answer === diskFull,
      { deadlineMs: 10_000 },
    );
    await delay(holdMs);
    const proof = `${bytes} bytes filled the disk, and Postgres refused a table with SQLSTATE ${code}`;
    return { proof, undoneMs: Date.now() };
  } finally {
    await disk.free();
    await members.postgres.whenReady({ deadlineMs: recoveryDeadlineMs });
    await eventually(
      () => inspect((sql) => sql`drop table if exists ballast`),
      () => true,
    );
  }
}

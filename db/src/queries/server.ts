import { sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';

/** Resolves when the database answers. */
export async function ping(db: Database): Promise<void> {
  await db.execute(sql`select 1`);
}

/** The time by the database's clock, which every age is computed from; ISO 8601. */
export async function readClock(db: Database): Promise<string> {
  const [row] = await db.execute<{ now: number }>(sql`select (extract(epoch from now()) * 1000)::float8 as now`);
  return new Date(row?.now ?? Number.NaN).toISOString();
}

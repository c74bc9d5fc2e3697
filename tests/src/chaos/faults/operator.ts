import { setTimeout as delay } from 'node:timers/promises';
import type postgres from 'postgres';
import { eventually } from '../../support/eventually';
import { hotProductId } from '../plan';
import type { Stage } from '../stage';
import type { Effect, Fault, FaultPlanOptions } from './fault';

/** Locks that an operator can take in psql. Each function returns a row if it has locked something. */
const locks: Record<string, (sql: postgres.TransactionSql) => Promise<readonly object[]>> = {
  'product locked': (sql) =>
    sql`update products set description = description where product_id = ${hotProductId} returning product_id`,
  // Locks the order that the store will probably write next, because a lock has an effect only if a write waits for it.
  // The store updates the row of a paid order with demo fulfilment every second, and the row of a pending order when
  // its payment window ends.
  'order locked': (sql) => sql`
    select order_id from orders where status in ('PENDING', 'PAID')
    order by status = 'PENDING', case status when 'PAID' then now() - updated_at else expires_at - now() end
    limit 1 for update skip locked`,
  'orders locked': async (sql) => {
    await sql`lock table orders`;
    return [{}];
  },
};

const hostileDateStyle = 'SQL, DMY';

/** The faults that an operator can cause with psql in a running store. */
export function operatorFaults({ random }: FaultPlanOptions): Fault[] {
  const kinds = Object.keys(locks).map((kind): Fault => {
    const holdMs = random.between(3000, 8000);
    return { family: 'operator', kind, target: 'postgres', inflict: (stage) => holdLock(stage, kind, holdMs) };
  });
  const holdMs = random.between(3000, 8000);
  const dateStyle: Fault = {
    family: 'operator',
    kind: `DateStyle ${hostileDateStyle}`,
    target: 'postgres',
    inflict: (stage) => changeDateStyle(stage, holdMs),
  };
  return [...kinds, dateStyle];
}

/** Holds the lock for `holdMs`. @throws Error if no connection of the store waited for the lock */
async function holdLock({ inspect }: Stage, kind: string, holdMs: number): Promise<Effect> {
  const lock = locks[kind] as (typeof locks)[string];
  const waited = await eventually(
    () =>
      inspect((sql) =>
        sql.begin(async (locking) => {
          const untilMs = Date.now() + holdMs;
          if ((await lock(locking)).length === 0) throw new Error('there is nothing to lock');
          const [self] = await locking<{ pid: number }[]>`select pg_backend_pid() as pid`;
          const found = await eventually(
            () => inspect((watching) => listWaiting(watching, self?.pid ?? 0)),
            (names) => names.length > 0,
            { deadlineMs: holdMs },
          );
          await delay(Math.max(0, untilMs - Date.now()));
          return found;
        }),
      ),
    (names) => names.length > 0,
    { deadlineMs: 2 * holdMs },
  );
  return { proof: `${waited.join(', ')} waited for the lock, which was held for ${holdMs} ms`, undoneMs: Date.now() };
}

async function listWaiting(sql: postgres.Sql, lockingPid: number): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select application_name as name from pg_stat_activity
    where application_name like 'widget-store %' and ${lockingPid} = any(pg_blocking_pids(pid))`;
  return rows.map(({ name }) => name);
}

/**
 * Changes `DateStyle` for the database, and cuts all connections of the store, because only new connections use the new
 * setting.
 */
async function changeDateStyle({ inspect }: Stage, holdMs: number): Promise<Effect> {
  const database = (sql: postgres.Sql) => sql`select current_database() as name`.then(([row]) => String(row?.['name']));
  try {
    await inspect(async (sql) =>
      sql.unsafe(`alter database ${await database(sql)} set datestyle to '${hostileDateStyle}'`),
    );
    const [cut] = await inspect(
      (sql) => sql<{ count: number }[]>`
        select count(pg_terminate_backend(pid))::int as count from pg_stat_activity
        where application_name like 'widget-store %'`,
    );
    const { today } = await eventually(
      () => inspect(lookAround),
      ({ isSet, opened }) => isSet && opened > 0,
      { deadlineMs: holdMs },
    );
    await delay(holdMs);
    const { opened } = await inspect(lookAround);
    const proof = `a new connection wrote today as ${today}; ${cut?.count} connections were cut, ${opened} are new`;
    return { proof, undoneMs: Date.now() };
  } finally {
    await eventually(
      () => inspect(async (sql) => sql.unsafe(`alter database ${await database(sql)} reset datestyle`)),
      () => true,
    );
  }
}

/**
 * Reads the `DateStyle` of this new connection, which has the database's settings. Also counts the store's connections.
 */
async function lookAround(sql: postgres.Sql): Promise<{ isSet: boolean; today: string; opened: number }> {
  const [row] = await sql<{ style: string; today: string; opened: number }[]>`
    select current_setting('datestyle') as style, current_date::text as today, (
      select count(*)::int from pg_stat_activity where application_name like 'widget-store %'
    ) as opened`;
  return { isSet: row?.style === hostileDateStyle, today: row?.today ?? '', opened: row?.opened ?? 0 };
}

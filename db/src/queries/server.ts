import { failureTypes } from '@widget-store/contract';
import { sql } from 'drizzle-orm';
import { ReadOnlyServer, StoreError } from '../errors';
import type { Database } from '../postgres/database';

/**
 * The privileges that the statements of the store need, by table. The statements also need EXECUTE on the function
 * `delete_outgoing_events`.
 */
export const neededPrivileges = {
  buyers: ['SELECT', 'INSERT', 'UPDATE'],
  comparisons: ['SELECT', 'INSERT', 'UPDATE'],
  disputes: ['SELECT', 'INSERT', 'UPDATE'],
  event_receivers: ['SELECT', 'INSERT', 'UPDATE'],
  operator_actions: ['SELECT', 'INSERT'],
  order_events: ['SELECT', 'INSERT'],
  order_items: ['SELECT', 'INSERT', 'UPDATE'],
  orders: ['SELECT', 'INSERT', 'UPDATE'],
  outgoing_events: ['SELECT', 'INSERT', 'UPDATE'],
  payment_references: ['SELECT', 'INSERT', 'UPDATE'],
  products: ['SELECT', 'INSERT', 'UPDATE'],
  refunds: ['SELECT', 'INSERT', 'UPDATE'],
  stock_movements: ['SELECT', 'INSERT'],
};

const needed = Object.entries(neededPrivileges).flatMap(([table, privileges]) =>
  privileges.map((privilege) => sql`(${sql.raw(`'${table}'`)}, ${sql.raw(`'${privilege}'`)})`),
);

/**
 * Resolves if the database accepts writes of the store. Reads no table, so it never waits for a lock.
 *
 * @throws StoreError `DatabaseUnavailable` if the server is read-only, or if the role lacks a privilege
 */
export async function checkWritable(db: Database): Promise<void> {
  const [state] = await db.execute<{ isReadOnly: boolean; denied: string | null }>(sql`
    select current_setting('transaction_read_only') = 'on' as "isReadOnly", (
      select string_agg(privilege || ' on ' || name, ', ')
      from (
        select *, has_table_privilege(relation, privilege) from (values ${sql.join(needed, sql`, `)}) as needed (relation, privilege)
        union all
        select 'delete_outgoing_events', 'EXECUTE', has_function_privilege('delete_outgoing_events(text[])', 'EXECUTE')
      ) as checked (name, privilege, is_granted)
      where not is_granted
    ) as denied`);
  if (state?.isReadOnly) throw new ReadOnlyServer();
  if (state?.denied) {
    const message = `The role of the store has no privilege ${state.denied}.`;
    throw new StoreError(failureTypes.databaseUnavailable, message);
  }
}

/**
 * Sends a notification to every process that listens for changes of orders.
 *
 * @throws StoreError `DatabaseUnavailable` if the server is read-only; the pool then replaces its connections
 */
export async function notifyListeners(db: Database, payload: string): Promise<void> {
  const [state] = await db.execute<{ isReadOnly: boolean }>(sql`
    select current_setting('transaction_read_only') = 'on' as "isReadOnly", pg_notify('order_changed', ${payload})`);
  if (state?.isReadOnly) throw new ReadOnlyServer();
}

/** Reads the time of the database's clock, ISO 8601. */
export async function readClock(db: Database): Promise<string> {
  const [row] = await db.execute<{ now: number }>(sql`select (extract(epoch from now()) * 1000)::float8 as now`);
  return new Date(row?.now ?? Number.NaN).toISOString();
}

import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { sessionSettings } from './postgres/sessionSettings';

/** The number of the advisory lock. It is arbitrary, but all programs that migrate must use the same number. */
const migrationLock = 7_305_221;

/**
 * While a migration waits for its lock on a table, every statement that needs the table waits behind it. A session that stays
 * idle in a transaction must not stop the store in this way.
 */
const lockTimeoutMs = 2000;

/**
 * Applies all migrations that the database does not have yet. The call can be repeated. Several programs can make it at the same
 * time, because an advisory lock makes them take turns. All except the first then find nothing to do.
 *
 * @param url `postgres://` connection string of a role that may create tables
 * @throws Error with the SQLSTATE 55P03 when another session keeps a table locked; then call it again later
 */
export async function migrateDatabase(url: string): Promise<void> {
  const client = postgres(url, { max: 1, connection: sessionSettings, onnotice: () => {} });
  const db = drizzle(client);
  try {
    await db.execute(sql`select pg_advisory_lock(${migrationLock})`);
    await db.execute(sql.raw(`set lock_timeout to ${lockTimeoutMs}`));
    await migrate(db, { migrationsFolder: join(__dirname, '..', 'migrations') });
  } finally {
    // Closing the connection releases the lock, even after an error.
    await client.end();
  }
}

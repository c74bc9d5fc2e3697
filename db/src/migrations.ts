import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { sessionSettings } from './postgres/sessionSettings';

/** The number of the advisory lock. It is arbitrary, but all programs that migrate must use the same number. */
const migrationLock = 7_305_221;

/**
 * How long a migration waits for a lock on a table. Until the migration gets the lock, every statement that needs the
 * table waits too, so a long wait would stop the store.
 */
const lockTimeoutMs = 2000;

/**
 * Applies all migrations that the database does not have yet. Several programs can call this function at the same time.
 * An advisory lock makes them take turns, and all except the first find nothing to do.
 *
 * @param url `postgres://` connection string of a role that may create tables
 * @throws Error if the encoding of the database is not UTF8
 * @throws Error whose `cause` has the SQLSTATE 55P03 if another session keeps a table locked. The caller can try again
 */
export async function migrateDatabase(url: string): Promise<void> {
  const client = postgres(url, { max: 1, connection: sessionSettings, onnotice: () => {} });
  const db = drizzle(client);
  try {
    await refuseOtherEncoding(client);
    await db.execute(sql`select pg_advisory_lock(${migrationLock})`);
    await db.execute(sql.raw(`set lock_timeout to ${lockTimeoutMs}`));
    await migrate(db, { migrationsFolder: join(__dirname, '..', 'migrations') });
  } finally {
    // Closing the connection releases the lock, even after an error.
    await client.end();
  }
}

/** The search for names uses `normalize`, which Postgres offers only for UTF8. */
async function refuseOtherEncoding(client: postgres.Sql): Promise<void> {
  const [{ encoding } = { encoding: '' }] = await client<{ encoding: string }[]>`
    select current_setting('server_encoding') as encoding`;
  if (encoding === 'UTF8') return;
  throw new Error(
    `The database has the encoding ${encoding}, but the store needs UTF8. Create another database with: create database <name> encoding 'UTF8' template template0`,
  );
}

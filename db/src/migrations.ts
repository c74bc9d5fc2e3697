import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { sessionSettings } from './postgres/sessionSettings';

/** An arbitrary number that every migrating program uses. */
const migrationLock = 7_305_221;

/**
 * Applies every migration that the database does not have yet. It may run again, and in several programs at once: an
 * advisory lock makes them take turns, and all but the first find nothing to do.
 *
 * @param url `postgres://` connection string of a role that may create tables
 */
export async function migrateDatabase(url: string): Promise<void> {
  const client = postgres(url, { max: 1, connection: sessionSettings, onnotice: () => {} });
  const db = drizzle(client);
  try {
    await db.execute(sql`select pg_advisory_lock(${migrationLock})`);
    await migrate(db, { migrationsFolder: join(__dirname, '..', 'migrations') });
  } finally {
    // Closing the connection releases the lock, also after an error.
    await client.end();
  }
}

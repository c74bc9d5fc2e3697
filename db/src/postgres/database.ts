import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';

/**
 * What a query may use. `transaction` is left out: every effect is one statement, which is a transaction of its own in one
 * round trip, and the driver's `begin` ends the process when its connection is lost (see README.md).
 */
export type Database = Pick<PostgresJsDatabase, 'select' | 'update' | 'execute'>;

import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';

/**
 * The part of Drizzle that a query can use. `transaction` is left out for two reasons. Every effect is one statement,
 * which is a transaction in one round trip. And the driver's `begin` ends the process if its connection is lost (see
 * README.md).
 */
export type Database = Pick<PostgresJsDatabase, 'select' | 'update' | 'execute'>;

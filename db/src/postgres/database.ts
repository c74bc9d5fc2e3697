import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';

/**
 * The part of Drizzle that a query can use. `transaction` is left out for two reasons. First, every write is one
 * statement, which is a transaction of its own and needs one round trip. Second, the driver's `begin` can end the
 * process if the connection is lost (see README.md).
 */
export type Database = Pick<PostgresJsDatabase, 'insert' | 'select' | 'update' | 'execute' | 'with' | '$with'>;

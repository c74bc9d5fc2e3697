import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';

/** What a query needs: the database or a transaction on it. */
export type Database = Pick<PostgresJsDatabase, 'select' | 'insert' | 'update' | 'execute' | 'transaction'>;

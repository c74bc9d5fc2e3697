import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';

/**
 * What a query may use. There is no `transaction` in it: every effect is one statement, which is a transaction of its own
 * in one round trip. The driver's `begin` brings the process down when its connection dies in the middle (postgres.js
 * 3.4.9, porsager/postgres#1154), and a database that restarts must not do that.
 */
export type Database = Pick<PostgresJsDatabase, 'select' | 'update' | 'execute'>;

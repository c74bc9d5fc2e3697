import { type Column, sql, type SQL } from 'drizzle-orm';

/** The SQL condition for a CHECK constraint: the column holds one of these values. Such a constraint cannot have parameters. */
export function isOneOf(column: Column, values: readonly string[]): SQL {
  return sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`;
}

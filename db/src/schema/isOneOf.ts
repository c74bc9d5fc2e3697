import { type Column, sql, type SQL } from 'drizzle-orm';

/**
 * The condition of a CHECK constraint that allows only these values in the column. The values are part of the SQL text,
 * because a CHECK constraint cannot have parameters.
 */
export function isOneOf(column: Column, values: readonly string[]): SQL {
  return sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`;
}

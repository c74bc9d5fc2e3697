import { type Column, sql, type SQL } from 'drizzle-orm';

/** The condition of a check that a column has one of these values. They are text, because a check cannot have parameters. */
export function isOneOf(column: Column, values: readonly string[]): SQL {
  return sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`;
}

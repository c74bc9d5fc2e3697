import type { Database } from './database';

/**
 * Makes Drizzle build a statement once for each connection instead of at each call. Use this for frequent statements:
 * building a statement takes longer than sending it. The parameters of the statement must be `sql.placeholder`s.
 */
export function prepared<Statement>(build: (db: Database) => Statement): (db: Database) => Statement {
  const built = new WeakMap<Database, Statement>();
  return (db) => {
    const known = built.get(db);
    if (known !== undefined) return known;
    const statement = build(db);
    built.set(db, statement);
    return statement;
  };
}

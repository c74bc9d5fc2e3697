import type { Database } from './database';

/**
 * Lets Drizzle build a statement once for each connection instead of at each call. It is for frequent statements, because
 * building one takes longer than sending it. Parameters are `sql.placeholder`s.
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

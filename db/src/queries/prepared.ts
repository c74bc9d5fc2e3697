import type { Database } from './database';

/**
 * Has Drizzle put a statement together once for each connection: for one that is asked again and again, that takes longer
 * than to send it. Its parameters are `sql.placeholder`s.
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

export interface Env {
  port: number;
  /** The application's tables. */
  databaseUrl: string;
  /** DBOS keeps its own tables here; it makes the database when it is missing. */
  systemDatabaseUrl: string;
}

/** @throws Error that names the variable, never its value */
export function readEnv(): Env {
  const port = Number(required('PORT'));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('PORT is not a port');
  return { port, databaseUrl: required('DATABASE_URL'), systemDatabaseUrl: required('DBOS_SYSTEM_DATABASE_URL') };
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is required`);
  return value;
}

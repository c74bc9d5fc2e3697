export interface Env {
  port: number;
  /** Database of the application's tables. */
  databaseUrl: string;
  /** Database of DBOS's own tables. DBOS creates this database if it is missing. */
  systemDatabaseUrl: string;
  dispatchShape: DispatchShape;
}

/**
 * How a dispatch makes its ten ticks, one each second. With `sleeps`, the default, each tick is a durable sleep and a
 * step, as in DBOS's own demo. With `step`, a single step makes all ticks, like the single activity of our store's
 * dispatch.
 */
export type DispatchShape = 'sleeps' | 'step';

/** @throws Error that names a missing or invalid variable. The message never contains the variable's value. */
export function readEnv(): Env {
  const port = Number(required('PORT'));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('PORT is not a port number');
  const { DISPATCH_SHAPE: dispatchShape = 'sleeps' } = process.env;
  if (dispatchShape !== 'sleeps' && dispatchShape !== 'step') throw new Error('DISPATCH_SHAPE must be sleeps or step');
  return {
    port,
    databaseUrl: required('DATABASE_URL'),
    systemDatabaseUrl: required('DBOS_SYSTEM_DATABASE_URL'),
    dispatchShape,
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is required`);
  return value;
}

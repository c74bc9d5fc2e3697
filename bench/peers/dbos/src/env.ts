export interface Env {
  port: number;
  /** The application's tables. */
  databaseUrl: string;
  /** DBOS keeps its own tables here; it makes the database when it is missing. */
  systemDatabaseUrl: string;
  dispatchShape: DispatchShape;
}

/**
 * How a dispatch ticks: `sleeps`, the default, is the workflow of DBOS's own demo, a durable sleep and a step a second;
 * `step` is one step that ticks ten times, as our store's dispatch is one activity.
 */
export type DispatchShape = 'sleeps' | 'step';

/** @throws Error that names the variable, never its value */
export function readEnv(): Env {
  const port = Number(required('PORT'));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('PORT is not a port');
  const { DISPATCH_SHAPE: dispatchShape = 'sleeps' } = process.env;
  if (dispatchShape !== 'sleeps' && dispatchShape !== 'step') throw new Error('DISPATCH_SHAPE is sleeps or step');
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

import { parseEnv, postgresUrlVariable } from '@widget-store/runtime';

/** The environment of `migrate` and `seed`. */
export function readEnv(): { databaseUrl: string } {
  const env = parseEnv(process.env, { DATABASE_URL: postgresUrlVariable });
  return { databaseUrl: env.DATABASE_URL };
}

import { parseEnv, portVariable, postgresUrlVariable } from '@widget-store/runtime';
import { loadTemporalTarget, type TemporalTarget } from '@widget-store/runtime/temporal';
import { z } from 'zod';

export interface BareEnv {
  port: number;
  apiPort: number;
  taskQueue: string;
  temporal: TemporalTarget;
}

/** @throws EnvironmentError that names each missing or invalid variable */
export function readBareEnv(): BareEnv {
  const env = parseEnv(process.env, { PORT: portVariable, API_PORT: portVariable, TEMPORAL_TASK_QUEUE: z.string() });
  const { PORT: port, API_PORT: apiPort, TEMPORAL_TASK_QUEUE: taskQueue } = env;
  return { port, apiPort, taskQueue, temporal: loadTemporalTarget() };
}

/** @throws EnvironmentError that names each missing or invalid variable */
export function readPlainEnv(): { port: number; databaseUrl: string } {
  const env = parseEnv(process.env, { PORT: portVariable, DATABASE_URL: postgresUrlVariable });
  return { port: env.PORT, databaseUrl: env.DATABASE_URL };
}

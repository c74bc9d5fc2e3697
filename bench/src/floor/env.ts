import {
  loadTemporalTarget,
  parseEnv,
  portVariable,
  postgresUrlVariable,
  type TemporalTarget,
} from '@widget-store/runtime';
import { z } from 'zod';

/** Of the two programs of the bare workflow. */
export interface BareEnv {
  port: number;
  taskQueue: string;
  temporal: TemporalTarget;
}

/** @throws EnvironmentError that names each variable which is missing or wrong */
export function readBareEnv(): BareEnv {
  const env = parseEnv(process.env, { PORT: portVariable, TEMPORAL_TASK_QUEUE: z.string().default('bare') });
  return { port: env.PORT, taskQueue: env.TEMPORAL_TASK_QUEUE, temporal: loadTemporalTarget() };
}

export interface PlainEnv {
  port: number;
  databaseUrl: string;
}

/** @throws EnvironmentError that names each variable which is missing or wrong */
export function readPlainEnv(): PlainEnv {
  const env = parseEnv(process.env, { PORT: portVariable, DATABASE_URL: postgresUrlVariable });
  return { port: env.PORT, databaseUrl: env.DATABASE_URL };
}

import {
  booleanVariable,
  loadTemporalTarget,
  millisecondsVariable,
  parseEnv,
  portVariable,
  postgresUrlVariable,
  type TemporalTarget,
} from '@widget-store/runtime';
import { defaultTaskQueue } from '@widget-store/workflows/contract';
import { z } from 'zod';

export interface ApiEnv {
  databaseUrl: string;
  databasePoolSize: number;
  /** Opens what is for demonstrations only: the crash button. */
  demo: boolean;
  host: string;
  port: number;
  paymentWindowMs: number;
  taskQueue: string;
  temporal: TemporalTarget;
  /** The worker's own port, for the crash button. */
  workerUrl: string;
}

/** @throws EnvironmentError that names each variable which is missing or wrong */
export function readEnv(): ApiEnv {
  const env = parseEnv(process.env, {
    DATABASE_URL: postgresUrlVariable,
    DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(1000).default(10),
    DEMO: booleanVariable.default(false),
    HOST: z.string().optional(),
    PAYMENT_WINDOW_MS: millisecondsVariable.default(15 * 60 * 1000),
    PORT: portVariable.default(3000),
    TEMPORAL_TASK_QUEUE: z.string().default(defaultTaskQueue),
    WORKER_URL: z.url().default('http://127.0.0.1:3001'),
  });
  return {
    databaseUrl: env.DATABASE_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    demo: env.DEMO,
    host: env.HOST ?? (env.DEMO ? '127.0.0.1' : '0.0.0.0'),
    port: env.PORT,
    paymentWindowMs: env.PAYMENT_WINDOW_MS,
    taskQueue: env.TEMPORAL_TASK_QUEUE,
    temporal: loadTemporalTarget(),
    workerUrl: env.WORKER_URL,
  };
}

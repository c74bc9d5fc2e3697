import {
  baseUrlVariable,
  booleanVariable,
  EnvironmentError,
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
  /** The store as shoppers reach it, without a slash at its end. */
  publicUrl: string;
  /** `whsec_…`, the current one first; empty only in demo mode. */
  webhookSecrets: string[];
  taskQueue: string;
  temporal: TemporalTarget;
  /** The worker's own port, for the crash button. */
  workerUrl: string;
}

/** Standard Webhooks asks for at least 24 random bytes; `openssl rand -base64 32` makes 32. */
const webhookSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'expected whsec_ and at least 24 bytes in base64');

/** @throws EnvironmentError that names each variable which is missing or wrong */
export function readEnv(): ApiEnv {
  const env = parseEnv(process.env, {
    DATABASE_URL: postgresUrlVariable,
    DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(1000).default(10),
    DEMO: booleanVariable.default(false),
    HOST: z.string().optional(),
    PAYMENT_WINDOW_MS: millisecondsVariable.max(7 * 24 * 60 * 60 * 1000).default(15 * 60 * 1000),
    PAYMENT_WEBHOOK_SECRET: webhookSecret.optional(),
    PAYMENT_WEBHOOK_SECRET_PREVIOUS: webhookSecret.optional(),
    PORT: portVariable.default(3000),
    PUBLIC_URL: baseUrlVariable.optional(),
    TEMPORAL_TASK_QUEUE: z.string().default(defaultTaskQueue),
    WORKER_URL: z.url().default('http://127.0.0.1:3001'),
  });
  if (!env.DEMO && env.PAYMENT_WEBHOOK_SECRET === undefined) {
    throw new EnvironmentError(
      'PAYMENT_WEBHOOK_SECRET is not set: without it, only demo mode (DEMO=true) takes payments',
    );
  }
  return {
    databaseUrl: env.DATABASE_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    demo: env.DEMO,
    host: env.HOST ?? (env.DEMO ? '127.0.0.1' : '0.0.0.0'),
    port: env.PORT,
    paymentWindowMs: env.PAYMENT_WINDOW_MS,
    publicUrl: env.PUBLIC_URL ?? `http://127.0.0.1:${env.PORT}`,
    webhookSecrets: [env.PAYMENT_WEBHOOK_SECRET, env.PAYMENT_WEBHOOK_SECRET_PREVIOUS].filter(
      (secret) => secret !== undefined,
    ),
    taskQueue: env.TEMPORAL_TASK_QUEUE,
    temporal: loadTemporalTarget(),
    workerUrl: env.WORKER_URL,
  };
}

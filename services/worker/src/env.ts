import {
  baseUrlVariable,
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
import type { DeploymentVersion } from './worker';

export interface WorkerEnv {
  databaseUrl: string;
  databasePoolSize: number;
  /** Opens `POST /crash` and keeps the health port on loopback. */
  demo: boolean;
  /** Undefined: the worker takes every task of its queue. */
  deploymentVersion: DeploymentVersion | undefined;
  host: string;
  gatewayUrl: string;
  gatewayApiKey: string;
  /** The store as shoppers reach it, without a slash at its end. */
  publicUrl: string;
  port: number;
  /** Milliseconds between two comparisons of the reconciler. */
  reconcileEveryMs: number;
  /** Milliseconds that something must have been wrong before the reconciler says so. */
  reconcileGraceMs: number;
  /** Where the SDK's own metrics are read, `host:port`; undefined when nobody scrapes. */
  sdkMetricsAddress: string | undefined;
  taskQueue: string;
  temporal: TemporalTarget;
  /** Whether to run the bundle that `make build` made rather than bundle the source at the start. */
  prebuiltBundle: boolean;
}

/** What Temporal takes for a name: it makes ids of the two with a delimiter between, and keeps `__` for itself. */
const deploymentName = z
  .string()
  .regex(/^(?!__)[^\s.:]{1,200}$/, 'expected up to 200 signs without dot, colon or space');
const buildId = z.string().regex(/^(?!__)\S{1,200}$/, 'expected up to 200 signs without space');

/** @throws EnvironmentError that names each variable which is missing or wrong */
export function readEnv(): WorkerEnv {
  const env = parseEnv(process.env, {
    DATABASE_URL: postgresUrlVariable,
    DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(1000).default(10),
    DEMO: booleanVariable.default(false),
    GATEWAY_API_KEY: z.string(),
    GATEWAY_URL: baseUrlVariable,
    HOST: z.string().optional(),
    NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
    PORT: portVariable.default(3000),
    PUBLIC_URL: baseUrlVariable.optional(),
    RECONCILE_EVERY_MS: millisecondsVariable
      .min(1000)
      .max(60 * 60_000)
      .default(60_000),
    RECONCILE_GRACE_MS: millisecondsVariable.max(5 * 60_000).default(30_000),
    // Named as Temporal's Worker Controller for Kubernetes sets them.
    TEMPORAL_DEPLOYMENT_NAME: deploymentName.default('widget-store'),
    TEMPORAL_WORKER_BUILD_ID: buildId.optional(),
    TEMPORAL_TASK_QUEUE: z.string().default(defaultTaskQueue),
    TEMPORAL_METRICS_PORT: portVariable.optional(),
    WORKER_PORT: portVariable.default(3001),
  });
  const host = env.HOST ?? (env.DEMO ? '127.0.0.1' : '0.0.0.0');
  const { TEMPORAL_DEPLOYMENT_NAME: name, TEMPORAL_WORKER_BUILD_ID: build } = env;
  return {
    databaseUrl: env.DATABASE_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    demo: env.DEMO,
    deploymentVersion: build === undefined ? undefined : { deploymentName: name, buildId: build },
    host,
    gatewayUrl: env.GATEWAY_URL,
    gatewayApiKey: env.GATEWAY_API_KEY,
    publicUrl: env.PUBLIC_URL ?? `http://127.0.0.1:${env.PORT}`,
    port: env.WORKER_PORT,
    reconcileEveryMs: env.RECONCILE_EVERY_MS,
    reconcileGraceMs: env.RECONCILE_GRACE_MS,
    sdkMetricsAddress: env.TEMPORAL_METRICS_PORT === undefined ? undefined : `${host}:${env.TEMPORAL_METRICS_PORT}`,
    taskQueue: env.TEMPORAL_TASK_QUEUE,
    temporal: loadTemporalTarget(),
    prebuiltBundle: env.NODE_ENV === 'production',
  };
}

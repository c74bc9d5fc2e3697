import { z } from 'zod';
import { booleanVariable, portVariable, postgresUrlVariable, publicUrlVariable } from './environment';
import { payloadKeysVariable } from './temporal/payloadKeys';
import { loadTemporalTarget, type TemporalTarget } from './temporal/client';

/** The variables that both the api and the worker read. */
export const serviceVariables = {
  DATABASE_URL: postgresUrlVariable,
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(1000).default(10),
  DEMO: booleanVariable.default(false),
  HOST: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
  PAYLOAD_ENCRYPTION_KEYS: payloadKeysVariable.optional(),
  /** The port of the api. The worker also reads this variable, for the default of `PUBLIC_URL`. */
  PORT: portVariable.default(3000),
  PUBLIC_URL: publicUrlVariable.optional(),
  STOREFRONT_URL: publicUrlVariable.optional(),
};

export interface ServiceEnv {
  databaseUrl: string;
  databasePoolSize: number;
  /** In demo mode, the services have additional routes, and listen on the loopback address unless `HOST` is set. */
  demo: boolean;
  host: string;
  /** The store's address, without a slash at its end: the api, the operations pages and the store's own front end. */
  publicUrl: string;
  /** The address of the front end that shoppers use, without a slash at its end. By default the same as `publicUrl`. */
  storefrontUrl: string;
  temporal: TemporalTarget;
  /** Whether a collector for spans is configured. */
  tracing: boolean;
}

export function serviceEnv(env: z.output<z.ZodObject<typeof serviceVariables>>): ServiceEnv {
  const publicUrl = env.PUBLIC_URL ?? `http://127.0.0.1:${env.PORT}`;
  return {
    databaseUrl: env.DATABASE_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    demo: env.DEMO,
    host: env.HOST ?? (env.DEMO ? '127.0.0.1' : '0.0.0.0'),
    publicUrl,
    storefrontUrl: env.STOREFRONT_URL ?? publicUrl,
    temporal: loadTemporalTarget(env.PAYLOAD_ENCRYPTION_KEYS),
    tracing: env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
  };
}

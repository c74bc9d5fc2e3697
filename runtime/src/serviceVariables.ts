import { z } from 'zod';
import { booleanVariable, portVariable, postgresUrlVariable, publicUrlVariable } from './environment';
import { payloadKeysVariable } from './payloadKeys';
import { loadTemporalTarget, type TemporalTarget } from './temporal';

/** What api and worker read alike, each beside variables of its own. */
export const serviceVariables = {
  DATABASE_URL: postgresUrlVariable,
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(1000).default(10),
  DEMO: booleanVariable.default(false),
  HOST: z.string().optional(),
  PAYLOAD_ENCRYPTION_KEYS: payloadKeysVariable.optional(),
  /** Of the api, also to the worker: it is where the store is unless `PUBLIC_URL` says otherwise. */
  PORT: portVariable.default(3000),
  PUBLIC_URL: publicUrlVariable.optional(),
};

export interface ServiceEnv {
  databaseUrl: string;
  databasePoolSize: number;
  /** Opens what is for demonstrations only, and keeps ports on loopback unless `HOST` says otherwise. */
  demo: boolean;
  host: string;
  /** The store as shoppers reach it, without a slash at its end. */
  publicUrl: string;
  temporal: TemporalTarget;
}

export function serviceEnv(env: z.output<z.ZodObject<typeof serviceVariables>>): ServiceEnv {
  return {
    databaseUrl: env.DATABASE_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    demo: env.DEMO,
    host: env.HOST ?? (env.DEMO ? '127.0.0.1' : '0.0.0.0'),
    publicUrl: env.PUBLIC_URL ?? `http://127.0.0.1:${env.PORT}`,
    temporal: loadTemporalTarget(env.PAYLOAD_ENCRYPTION_KEYS),
  };
}

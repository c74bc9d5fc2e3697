import { parseEnv, portVariable, postgresUrlVariable } from '@widget-store/runtime';
import { z } from 'zod';
import type { Environment } from './childProcess';

export type DevEnv = ReturnType<typeof readEnv>;

/** @throws EnvironmentError that names each invalid variable */
export function readEnv(environment: Environment = process.env) {
  const env = parseEnv(environment, {
    PORT: portVariable.default(3000),
    WORKER_PORT: portVariable.default(3001),
    GATEWAY_PORT: portVariable.default(3002),
    POSTGRES_PORT: portVariable.default(5433),
    TEMPORAL_PORT: portVariable.default(7233),
    TEMPORAL_UI_PORT: portVariable.default(8233),
    COLLECT_ADDRESS: z.string().default('AT,CA,CH,DE,FR,GB,IE,NL,US'),
    DATA_DIR: z.string().default('.data'),
    DATABASE_URL: postgresUrlVariable.optional(),
    TEMPORAL_ADDRESS: z.string().optional(),
    STOREFRONT_URL: z.string().optional(),
    NO_COLOR: z.string().optional(),
  });
  return {
    ports: {
      api: env.PORT,
      worker: env.WORKER_PORT,
      gateway: env.GATEWAY_PORT,
      postgres: env.POSTGRES_PORT,
      temporal: env.TEMPORAL_PORT,
      temporalUi: env.TEMPORAL_UI_PORT,
    },
    /** The countries to which the demo store sends parcels. The worker checks the codes. */
    collectAddress: env.COLLECT_ADDRESS,
    /** Path of the data directory. A relative path starts at the root of the repository. */
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    temporalAddress: env.TEMPORAL_ADDRESS,
    /** The address of the shop's own front end. Undefined if the api serves the storefront. The api checks the address. */
    storefrontUrl: env.STOREFRONT_URL,
    noColor: env.NO_COLOR !== undefined,
  };
}

/** Returns this process's environment, for the programs that it starts. Leaves out empty variables. */
export function inheritedEnvironment(): Environment {
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
}

/** The number of this Jest process, from 1; 0 outside Jest. */
export function testWorkerId(): number {
  return Number(process.env['JEST_WORKER_ID'] ?? 0);
}

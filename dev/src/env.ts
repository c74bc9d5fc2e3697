import { parseEnv, portVariable, postgresUrlVariable } from '@widget-store/runtime';
import { z } from 'zod';
import type { Environment } from './childProcess';

/** What `make dev` is told from outside. */
export interface DevEnv {
  ports: { api: number; worker: number; gateway: number; postgres: number; temporal: number; temporalUi: number };
  /** Relative to the root of the repository unless absolute. */
  dataDir: string;
  databaseUrl: string | undefined;
  temporalAddress: string | undefined;
  noColor: boolean;
}

/**
 * Reads the environment of `make dev`.
 *
 * @throws EnvironmentError that names the variables that are wrong
 */
export function readEnv(environment: Environment = process.env): DevEnv {
  const env = parseEnv(environment, {
    PORT: portVariable.default(3000),
    WORKER_PORT: portVariable.default(3001),
    GATEWAY_PORT: portVariable.default(3002),
    POSTGRES_PORT: portVariable.default(5433),
    TEMPORAL_PORT: portVariable.default(7233),
    TEMPORAL_UI_PORT: portVariable.default(8233),
    DATA_DIR: z.string().default('.data'),
    DATABASE_URL: postgresUrlVariable.optional(),
    TEMPORAL_ADDRESS: z.string().optional(),
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
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    temporalAddress: env.TEMPORAL_ADDRESS,
    noColor: env.NO_COLOR !== undefined,
  };
}

/** This process's own environment, to be handed to the programs that it starts. An empty variable counts as not set. */
export function inheritedEnvironment(): Environment {
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
}

/** Which of Jest's processes this is, which count from 1; 0 elsewhere. */
export function testWorkerId(): number {
  return Number(process.env['JEST_WORKER_ID'] ?? 0);
}

import { randomBytes } from 'node:crypto';
import { readEnv as readDatabaseEnv } from '@widget-store/db/env';
import { readEnv as readApiEnv } from '@widget-store/api/env';
import { readEnv as readWorkerEnv } from '@widget-store/worker/env';
import type { Container } from './helmChart';

/** The values in the cluster's Secrets, by the name of the variable that refers to the Secret. */
export const secrets: Record<string, string> = {
  DATABASE_URL: 'postgres://store:canary-password@postgres:5432/store',
  ADMIN_TOKEN: randomBytes(24).toString('hex'),
  ADMIN_TOKENS: `anna:${randomBytes(24).toString('hex')}`,
  STOREFRONT_TOKEN: randomBytes(24).toString('hex'),
  PAYMENT_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
  GATEWAY_API_KEY: randomBytes(24).toString('hex'),
  TEMPORAL_API_KEY: randomBytes(24).toString('hex'),
  EVENTS_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
  PAYLOAD_ENCRYPTION_KEYS: `2026-11:${randomBytes(32).toString('base64')}`,
};

/**
 * Returns the source files that define the variables of a container's program, and the function that reads the
 * variables.
 */
export function programOf({ name }: Container): [string[], () => object] {
  const ofBoth = 'runtime/src/serviceVariables.ts';
  if (name === 'api') return [['services/api/src/env.ts', ofBoth], readApiEnv];
  if (name === 'worker') return [['services/worker/src/env.ts', ofBoth], readWorkerEnv];
  return [['db/src/env.ts'], readDatabaseEnv];
}

export function environmentOf({ env }: Container): Record<string, string> {
  return Object.fromEntries(env.map(({ name, value }) => [name, value ?? secrets[name] ?? '']));
}

export function inEnvironment<Env>(environment: Record<string, string>, readEnv: () => Env): Env {
  const replaced = jest.replaceProperty(process, 'env', environment);
  try {
    return readEnv();
  } finally {
    replaced.restore();
  }
}

import { join } from 'node:path';
import type { Environment } from './childProcess';
import type { StoreAddresses, StoreOptions } from './storeOptions';

/** Returns the environment of the api, the worker, the migration and the seed. */
export function serviceEnvironment(options: StoreOptions, addresses: StoreAddresses): Environment {
  const { ports, demo, taskQueue, paymentWindowMs } = options;
  const inherited = withoutOtherCluster(options);
  return {
    ...inherited,
    // In production mode, a worker uses the built bundle, so it is ready quickly after a restart.
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(ports.api),
    WORKER_PORT: String(ports.worker),
    WORKER_URL: addresses.workerUrl,
    DATABASE_URL: addresses.databaseUrl,
    TEMPORAL_ADDRESS: addresses.temporalAddress,
    TEMPORAL_TASK_QUEUE: taskQueue ?? inherited['TEMPORAL_TASK_QUEUE'],
    TEMPORAL_UI_URL: addresses.temporalUiUrl ?? inherited['TEMPORAL_UI_URL'],
    DEMO: String(demo),
    PAYMENT_WEBHOOK_SECRET: addresses.webhookSecret,
    PAYMENT_WINDOW_MS: paymentWindowMs === undefined ? inherited['PAYMENT_WINDOW_MS'] : String(paymentWindowMs),
    GATEWAY_API_KEY: addresses.gatewayApiKey,
    GATEWAY_URL: addresses.gatewayUrl,
    GATEWAY_PUBLIC_URL: inherited['GATEWAY_PUBLIC_URL'] ?? addresses.gatewayUrl,
  };
}

/**
 * Returns the path of the client profile for the Temporal server that we start. The Temporal CLI can read it too:
 * `temporal --config-file .data/temporal.toml workflow list`.
 */
export function profilePath(dataDir: string): string {
  return join(dataDir, 'temporal.toml');
}

/**
 * If we start Temporal, removes every `TEMPORAL_*` variable except the task queue. Settings of another cluster, such as
 * its namespace, key or certificate, do not fit our server. They can also come from the profile of the Temporal CLI, so
 * the result names a profile of our own.
 */
function withoutOtherCluster({ environment, temporalAddress, dataDir }: StoreOptions): Environment {
  if (temporalAddress !== undefined) return environment;
  const kept = Object.entries(environment).filter(
    ([name]) => !name.startsWith('TEMPORAL_') || name === 'TEMPORAL_TASK_QUEUE',
  );
  return { ...Object.fromEntries(kept), TEMPORAL_CONFIG_FILE: profilePath(dataDir) };
}

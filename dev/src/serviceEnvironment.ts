import { join } from 'node:path';
import type { Environment } from './childProcess';
import type { StoreAddresses, StoreOptions } from './storeOptions';

/** The environment that the api, the worker and the database programs run in. */
export function serviceEnvironment(options: StoreOptions, addresses: StoreAddresses): Environment {
  const { ports, demo, taskQueue, paymentWindowMs } = options;
  const inherited = withoutOtherCluster(options);
  return {
    ...inherited,
    // With the built bundle a restarted worker is ready at once: it does not bundle its workflows again.
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
  };
}

/** Where the Temporal that we start has its profile. `temporal --config-file .data/temporal.toml workflow list` reads it too. */
export function profilePath(dataDir: string): string {
  return join(dataDir, 'temporal.toml');
}

/**
 * A namespace, a key or a certificate of a cluster elsewhere does not fit a Temporal that we start, whether it is in a variable
 * or in the profile of the Temporal CLI.
 */
function withoutOtherCluster({ environment, temporalAddress, dataDir }: StoreOptions): Environment {
  if (temporalAddress !== undefined) return environment;
  const kept = Object.entries(environment).filter(
    ([name]) => !name.startsWith('TEMPORAL_') || name === 'TEMPORAL_TASK_QUEUE',
  );
  return { ...Object.fromEntries(kept), TEMPORAL_CONFIG_FILE: profilePath(dataDir) };
}

import type { Environment } from './childProcess';
import type { GatewaySecrets } from './gateway/secrets';

export interface ServiceSettings extends GatewaySecrets {
  /** Passed on, except for what is set below and what would contradict it. */
  environment: Environment;
  databaseUrl: string;
  temporalAddress: string;
  /** The profile file for a Temporal that we start ourselves; undefined when it was given from outside. */
  temporalProfile: string | undefined;
  temporalUiUrl: string | undefined;
  gatewayUrl: string;
  taskQueue: string | undefined;
  ports: { api: number; worker: number };
  demo: boolean;
  paymentWindowMs: number | undefined;
  nodeEnv: string;
}

/** The environment that the api, the worker and the database programs run in. */
export function serviceEnvironment(settings: ServiceSettings): Environment {
  const { ports, paymentWindowMs, taskQueue, temporalUiUrl, gatewayUrl } = settings;
  return {
    ...temporalEnvironment(settings),
    NODE_ENV: settings.nodeEnv,
    HOST: '127.0.0.1',
    PORT: String(ports.api),
    WORKER_PORT: String(ports.worker),
    WORKER_URL: `http://127.0.0.1:${ports.worker}`,
    DATABASE_URL: settings.databaseUrl,
    TEMPORAL_ADDRESS: settings.temporalAddress,
    DEMO: String(settings.demo),
    PAYMENT_WEBHOOK_SECRET: settings.webhookSecret,
    GATEWAY_API_KEY: settings.gatewayApiKey,
    GATEWAY_URL: gatewayUrl,
    ...(taskQueue === undefined ? {} : { TEMPORAL_TASK_QUEUE: taskQueue }),
    ...(temporalUiUrl === undefined ? {} : { TEMPORAL_UI_URL: temporalUiUrl }),
    ...(paymentWindowMs === undefined ? {} : { PAYMENT_WINDOW_MS: String(paymentWindowMs) }),
  };
}

/**
 * A namespace, a key or a certificate for a cluster elsewhere does not fit a local server, whether it stands in a variable
 * or in the profile file of the Temporal CLI.
 */
function temporalEnvironment({ environment, temporalProfile }: ServiceSettings): Environment {
  if (temporalProfile === undefined) return environment;
  const kept = Object.entries(environment).filter(
    ([name]) => !name.startsWith('TEMPORAL_') || name === 'TEMPORAL_TASK_QUEUE',
  );
  return { ...Object.fromEntries(kept), TEMPORAL_CONFIG_FILE: temporalProfile };
}

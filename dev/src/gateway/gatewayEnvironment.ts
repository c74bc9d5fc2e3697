import { join } from 'node:path';
import type { Environment } from '../childProcess';
import type { GatewaySecrets } from './secrets';

export interface GatewaySettings extends GatewaySecrets {
  /** Of the whole store; the ledger has a folder in it. */
  dataDir: string;
  port: number;
  /** Where webhooks are posted to. */
  apiUrl: string;
  /** Passed on in small part: nothing of the store concerns the gateway. */
  environment: Environment;
}

/** The environment that the sandbox payment gateway runs in. */
export function gatewayEnvironment(settings: GatewaySettings): Environment {
  const { dataDir, port, apiUrl, environment } = settings;
  return {
    PATH: environment['PATH'],
    HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    GATEWAY_DATA_DIR: join(dataDir, 'gateway'),
    GATEWAY_API_KEY: settings.gatewayApiKey,
    GATEWAY_PUBLIC_URL: environment['GATEWAY_PUBLIC_URL'],
    WEBHOOK_URL: apiUrl,
    PAYMENT_WEBHOOK_SECRET: settings.webhookSecret,
  };
}

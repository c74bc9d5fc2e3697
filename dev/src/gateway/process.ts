import { join } from 'node:path';
import type { Environment } from '../childProcess';
import { isAnswered } from '../ports';
import type { SuperviseOptions } from '../supervisor';
import type { GatewaySecrets } from './secrets';

export interface GatewaySettings extends GatewaySecrets {
  /** Path of the built program. */
  program: string;
  /** Data directory of the whole store, which contains the gateway's folder. */
  dataDir: string;
  port: number;
  /** Address of the api, which receives the webhooks. */
  apiUrl: string;
  /** The gateway gets only PATH and GATEWAY_PUBLIC_URL from this environment. */
  environment: Environment;
}

export function gatewayProcess(settings: GatewaySettings): SuperviseOptions {
  const { program, dataDir, port, apiUrl, environment } = settings;
  return {
    name: 'gateway',
    command: process.execPath,
    args: [program],
    env: {
      PATH: environment['PATH'],
      HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      GATEWAY_DATA_DIR: join(dataDir, 'gateway'),
      GATEWAY_API_KEY: settings.gatewayApiKey,
      GATEWAY_PUBLIC_URL: environment['GATEWAY_PUBLIC_URL'],
      WEBHOOK_URL: apiUrl,
      PAYMENT_WEBHOOK_SECRET: settings.webhookSecret,
    },
    isReady: () => isAnswered(port),
  };
}

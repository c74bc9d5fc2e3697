import { parseEnv, portVariable } from '@widget-store/runtime';
import { z } from 'zod';
import type { Environment } from '../childProcess';

/** What the gateway is told from outside. */
export interface GatewayEnv {
  port: number;
  host: string;
  dataDir: string;
  apiKey: string;
  /** The api that takes the webhooks. */
  webhookUrl: string;
  webhookSecret: string;
  /** Where shoppers reach the payment pages, without a slash at its end. */
  publicUrl: string;
}

const httpUrlVariable = z.url({ protocol: /^https?$/, error: 'expected http://… or https://…' });

/** Standard Webhooks 1.0 asks for 24 to 64 random bytes. */
const webhookSecretVariable = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'expected whsec_ and 24 to 64 bytes in base64');

/** @throws EnvironmentError that names each variable which is missing or wrong */
export function readEnv(environment: Environment = process.env): GatewayEnv {
  const env = parseEnv(environment, {
    GATEWAY_PORT: portVariable.default(3002),
    HOST: z.string().default('127.0.0.1'),
    GATEWAY_DATA_DIR: z.string(),
    GATEWAY_API_KEY: z.string().min(16).regex(/^\S+$/),
    WEBHOOK_URL: httpUrlVariable,
    PAYMENT_WEBHOOK_SECRET: webhookSecretVariable,
    GATEWAY_PUBLIC_URL: httpUrlVariable.optional(),
  });
  const publicUrl = env.GATEWAY_PUBLIC_URL ?? `http://127.0.0.1:${env.GATEWAY_PORT}`;
  return {
    port: env.GATEWAY_PORT,
    host: env.HOST,
    dataDir: env.GATEWAY_DATA_DIR,
    apiKey: env.GATEWAY_API_KEY,
    webhookUrl: env.WEBHOOK_URL,
    webhookSecret: env.PAYMENT_WEBHOOK_SECRET,
    publicUrl: publicUrl.replace(/\/+$/, ''),
  };
}

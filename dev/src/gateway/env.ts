import {
  baseUrlVariable,
  parseEnv,
  portVariable,
  publicUrlVariable,
  webhookSecretVariable,
} from '@widget-store/runtime';
import { z } from 'zod';
import type { Environment } from '../childProcess';

/** @throws EnvironmentError that names each missing or invalid variable */
export function readEnv(environment: Environment = process.env) {
  const env = parseEnv(environment, {
    GATEWAY_PORT: portVariable.default(3002),
    HOST: z.string().default('127.0.0.1'),
    GATEWAY_DATA_DIR: z.string(),
    GATEWAY_API_KEY: z.string().min(16).regex(/^\S+$/),
    WEBHOOK_URL: baseUrlVariable,
    PAYMENT_WEBHOOK_SECRET: webhookSecretVariable,
    GATEWAY_PUBLIC_URL: publicUrlVariable.optional(),
  });
  return {
    port: env.GATEWAY_PORT,
    host: env.HOST,
    dataDir: env.GATEWAY_DATA_DIR,
    apiKey: env.GATEWAY_API_KEY,
    /** Address of the api that receives the webhooks, without a slash at its end. */
    webhookUrl: env.WEBHOOK_URL,
    webhookSecret: env.PAYMENT_WEBHOOK_SECRET,
    /** The public address of the gateway, without a slash at its end. Payment pages are below this address. */
    publicUrl: env.GATEWAY_PUBLIC_URL ?? `http://127.0.0.1:${env.GATEWAY_PORT}`,
  };
}

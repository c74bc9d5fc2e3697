import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Environment } from '../childProcess';
import { codeOf } from '../errors';

/** The secrets that the gateway and the store share. */
export interface GatewaySecrets {
  /** `whsec_` and base64: signs the webhooks. */
  webhookSecret: string;
  /** Bearer token of the calls to the gateway. */
  gatewayApiKey: string;
}

const fileSchema = z.object({ PAYMENT_WEBHOOK_SECRET: z.string().min(1), GATEWAY_API_KEY: z.string().min(1) });

/**
 * The secrets of a local store: those of the environment, else those of an earlier start on the same data directory, else new
 * ones. They must outlive a restart, because webhooks and refunds do.
 *
 * @param options.dataDir exists
 */
export async function gatewaySecrets(options: { dataDir: string; environment: Environment }): Promise<GatewaySecrets> {
  const { PAYMENT_WEBHOOK_SECRET: givenSecret, GATEWAY_API_KEY: givenKey } = options.environment;
  if (givenSecret && givenKey) return { webhookSecret: givenSecret, gatewayApiKey: givenKey };
  const path = join(options.dataDir, 'secrets.json');
  const kept = (await readSecrets(path)) ?? (await makeSecrets(path));
  return { webhookSecret: givenSecret || kept.PAYMENT_WEBHOOK_SECRET, gatewayApiKey: givenKey || kept.GATEWAY_API_KEY };
}

async function readSecrets(path: string): Promise<z.infer<typeof fileSchema> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    // The error does not repeat the content, which is secret.
    throw new Error(`${path} does not hold the secrets of the store: remove it, and the next start makes new ones`);
  }
}

async function makeSecrets(path: string): Promise<z.infer<typeof fileSchema>> {
  const secrets = {
    PAYMENT_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    GATEWAY_API_KEY: `gw_${randomBytes(24).toString('hex')}`,
  };
  await writeFile(`${path}.new`, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  // `writeFile` keeps the mode of a file that a killed start has left.
  await chmod(`${path}.new`, 0o600);
  await rename(`${path}.new`, path);
  return secrets;
}

import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Environment } from '../childProcess';
import { codeOf } from '../errors';

/** The secrets that the gateway and the store share. */
export interface GatewaySecrets {
  /** The key that signs the webhooks: `whsec_` and base64. */
  webhookSecret: string;
  /** The bearer token of requests to the gateway. */
  gatewayApiKey: string;
}

const fileSchema = z.object({ PAYMENT_WEBHOOK_SECRET: z.string().min(1), GATEWAY_API_KEY: z.string().min(1) });

/**
 * Returns the secrets of a local store. Each secret comes from the environment, or else from the file of an earlier
 * start, or else it is new. A restart must not change the secrets, because webhooks and refunds from before the restart
 * are still sent.
 *
 * @param options.dataDir an existing directory
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
    // The error does not show the content of the file, because the content may be secret.
    throw new Error(
      `${path} does not contain the secrets of the store: remove it, and the next start creates new ones`,
    );
  }
}

async function makeSecrets(path: string): Promise<z.infer<typeof fileSchema>> {
  const secrets = {
    PAYMENT_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    GATEWAY_API_KEY: `gw_${randomBytes(24).toString('hex')}`,
  };
  await writeFile(`${path}.new`, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  // If a killed start has left this file, `writeFile` keeps the mode of the old file, so set the mode again.
  await chmod(`${path}.new`, 0o600);
  await rename(`${path}.new`, path);
  return secrets;
}

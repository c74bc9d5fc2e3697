import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { Problem } from '../problem';

const signatureHeaders = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

/** Whether the request has any header of a signature, valid or not. */
export function isSigned(headers: Headers): boolean {
  return signatureHeaders.some((name) => headers.has(name));
}

/**
 * Checks that a webhook is recent and signed with one of the secrets. The signature follows Standard Webhooks 1.0
 * (standardwebhooks.com): an HMAC of id, timestamp and raw body, with a tolerance of 300 seconds.
 *
 * @param secrets the secrets (`whsec_…`); during a rotation also the previous one
 * @param webhook.rawBody the body byte for byte
 * @throws Problem `webhook_unauthorized`, with the same text for every reason, because the text must not help a forger
 */
export function verifyWebhook(secrets: string[], { rawBody, headers }: { rawBody: string; headers: Headers }): void {
  const given = Object.fromEntries(signatureHeaders.map((name) => [name, headers.get(name) ?? '']));
  if (secrets.some((secret) => accepts(new Webhook(secret), rawBody, given))) return;
  throw new Problem('webhook_unauthorized', 'The webhook is unsigned, too old, or not signed by the gateway.');
}

function accepts(webhook: Webhook, rawBody: string, headers: Record<string, string>): boolean {
  try {
    webhook.verify(rawBody, headers, { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

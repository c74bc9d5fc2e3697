import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { Problem } from '../problem';

/**
 * Checks that a webhook comes from who knows the secret, and is recent: Standard Webhooks 1.0
 * (standardwebhooks.com), an HMAC over id, timestamp and raw body, with a tolerance of 300 seconds.
 */
export interface WebhookVerifier {
  /**
   * @param rawBody the body as it came, byte for byte
   * @throws Problem `webhook_unauthorized`, the same for every reason: a forger learns nothing from it
   */
  verify(rawBody: string, headers: Headers): void;
}

const signatureHeaders = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

/** Whether the request claims to be signed at all. */
export function isSigned(headers: Headers): boolean {
  return signatureHeaders.some((name) => headers.has(name));
}

/** @param secrets `whsec_…`, the current one first; an earlier one is accepted while the gateway changes over */
export function createWebhookVerifier(secrets: string[]): WebhookVerifier {
  const webhooks = secrets.map((secret) => new Webhook(secret));
  return {
    verify: (rawBody, headers) => {
      const given = Object.fromEntries(signatureHeaders.map((name) => [name, headers.get(name) ?? '']));
      if (!webhooks.some((webhook) => accepts(webhook, rawBody, given))) {
        throw new Problem('webhook_unauthorized', 'The webhook is not signed, or not recently, or not by the gateway.');
      }
    },
  };
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

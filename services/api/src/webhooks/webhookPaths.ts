/** The paths to which payment gateways send their webhooks, in the notation of OpenAPI. */
export const paymentWebhookPath = '/payment_webhook/{payment_id}/{payment_status}';
export const sandboxWebhookPath = '/webhooks/sandbox';

/** The webhook of every other gateway also has a path below `/webhooks/`. */
const prefixes = ['/payment_webhook/', '/webhooks/'];

/** @param path the path of a request, or the template of a route */
export function isWebhookPath(path: string): boolean {
  return prefixes.some((prefix) => path.startsWith(prefix));
}

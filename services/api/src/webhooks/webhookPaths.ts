/** The paths to which payment gateways send their webhooks, in the notation of OpenAPI. */
export const paymentWebhookPath = '/payment_webhook/{payment_id}/{payment_status}';
export const sandboxWebhookPath = '/webhooks/sandbox';
export const stripeWebhookPath = '/webhooks/stripe';

const paths = [paymentWebhookPath, sandboxWebhookPath, stripeWebhookPath];

/** The webhook paths as route templates, which the metrics use. */
export const webhookRoutes = paths.map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1'));

const prefixes = paths.map((path) => path.split('{', 1).join());

export function isWebhookPath(path: string): boolean {
  return prefixes.some((prefix) => path.startsWith(prefix));
}

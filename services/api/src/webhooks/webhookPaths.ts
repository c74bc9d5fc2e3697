/** Where payment gateways send their webhooks, as OpenAPI writes paths. */
export const paymentWebhookPath = '/payment_webhook/{payment_id}/{payment_status}';
export const stripeWebhookPath = '/webhooks/stripe';

const paths = [paymentWebhookPath, stripeWebhookPath];

/** The same as route templates, which the metrics use. */
export const webhookRoutes = paths.map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1'));

const prefixes = paths.map((path) => path.split('{', 1).join());

/** Whether a request is a webhook, whatever its parameters are. */
export function isWebhookPath(path: string): boolean {
  return prefixes.some((prefix) => path.startsWith(prefix));
}

/** Where payment gateways send their webhooks, in the form of OpenAPI. */
export const paymentWebhookPath = '/payment_webhook/{payment_id}/{payment_status}';
export const stripeWebhookPath = '/webhooks/stripe';

const paths = [paymentWebhookPath, stripeWebhookPath];

/** The same as templates of routes, by which metrics tell requests apart. */
export const webhookRoutes = paths.map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1'));

const beginnings = paths.map((path) => path.split('{', 1).join());

/** Whether a request is for one of them, whatever it names there. */
export function isWebhookPath(path: string): boolean {
  return beginnings.some((beginning) => path.startsWith(beginning));
}

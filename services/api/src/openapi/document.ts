import type { OpenAPIHono } from '@hono/zod-openapi';
import { storeName } from '@widget-store/contract';

const introduction = `
A store whose checkout survives the failure of any of its processes. Each idempotency key stands for one checkout, forever.

Failures are \`application/problem+json\` (RFC 9457) and have a \`code\`. If \`retryable\` is true, \`Retry-After\` says
when to retry. In demo mode, admin calls need no token, and unsigned webhooks are accepted.
`.trim();

/** Creates the OpenAPI document of the app from the schemas that validate and type its operations. */
export function openApiDocument(app: OpenAPIHono) {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: storeName, version: '0.1.0', description: introduction, license: { name: 'MIT' } },
    servers: [{ url: '/' }],
    tags: [
      { name: 'checkout', description: 'For shoppers' },
      { name: 'orders', description: 'Orders and their changes' },
      { name: 'products', description: 'Products and their stock' },
      { name: 'webhooks', description: 'For the payment gateway' },
      { name: 'operations', description: 'For operators of the store' },
    ],
  });
}

/** Registers the authentication schemes that operations name under `security`. */
export function registerSecurity({ openAPIRegistry }: OpenAPIHono): void {
  openAPIRegistry.registerComponent('securitySchemes', 'adminToken', {
    type: 'http',
    scheme: 'bearer',
    description: 'The value of `ADMIN_TOKEN`, or a token of `ADMIN_TOKENS`. Not needed in demo mode.',
  });
  for (const [scheme, header, description] of webhookHeaders) {
    openAPIRegistry.registerComponent('securitySchemes', scheme, {
      type: 'apiKey',
      in: 'header',
      name: header,
      description,
    });
  }
}

/** The three required headers of Standard Webhooks 1.0 (standardwebhooks.com). */
const webhookHeaders = [
  ['webhookId', 'webhook-id', 'The id of the event. A repetition has the same id.'],
  [
    'webhookTimestamp',
    'webhook-timestamp',
    'When the webhook was sent: Unix time in seconds, at most 300 seconds ago.',
  ],
  [
    'webhookSignature',
    'webhook-signature',
    '`v1,` and the HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}` in base64 (Standard Webhooks 1.0).',
  ],
] as const;

export const adminOnly = [{ adminToken: [] }];
export const signedOnly = [{ webhookId: [], webhookTimestamp: [], webhookSignature: [] }];

import type { OpenAPIHono } from '@hono/zod-openapi';

const introduction = `
A store whose checkout survives the failure of any of its processes. One idempotency key is one checkout, for ever.

Failures are \`application/problem+json\` (RFC 9457) with a \`code\`; those with \`retryable\` say in \`Retry-After\` when to
come back. In demo mode the admin calls need no token, and webhooks without a signature are taken.
`.trim();

/** The document of every operation of the app, made from the schemas that check and type them. */
export function openApiDocument(app: OpenAPIHono) {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Widget Store', version: '0.1.0', description: introduction, license: { name: 'MIT' } },
    servers: [{ url: '/' }],
    tags: [
      { name: 'checkout', description: 'For shoppers' },
      { name: 'orders', description: 'What became of a checkout' },
      { name: 'products', description: 'What is on sale' },
      { name: 'webhooks', description: 'For the payment gateway' },
      { name: 'operations', description: 'For whoever runs the store' },
    ],
  });
}

/** How callers say who they are; operations name these under `security`. */
export function registerSecurity({ openAPIRegistry }: OpenAPIHono): void {
  openAPIRegistry.registerComponent('securitySchemes', 'adminToken', {
    type: 'http',
    scheme: 'bearer',
    description: 'The value of `ADMIN_TOKEN`. Demo mode asks for none.',
  });
  for (const [scheme, header, description] of [
    ...webhookHeaders,
    ['stripeSignature', 'Stripe-Signature', stripeSignature] as const,
  ]) {
    openAPIRegistry.registerComponent('securitySchemes', scheme, {
      type: 'apiKey',
      in: 'header',
      name: header,
      description,
    });
  }
}

/** How Stripe signs (docs.stripe.com/webhooks#verify-manually). */
const stripeSignature =
  '`t=` the time in seconds since 1970, 300 seconds ago at most, and `v1=` the hex HMAC-SHA256 of `{t}.{body}`.';

/** The three headers of Standard Webhooks 1.0 (standardwebhooks.com); a webhook needs all of them. */
const webhookHeaders = [
  ['webhookId', 'webhook-id', 'Of the event: the same in every repetition.'],
  ['webhookTimestamp', 'webhook-timestamp', 'When it was sent, in seconds since 1970; 300 seconds ago at most.'],
  [
    'webhookSignature',
    'webhook-signature',
    '`v1,` and the base64 HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}` (Standard Webhooks 1.0).',
  ],
] as const;

export const adminOnly = [{ adminToken: [] }];
export const signedOnly = [{ webhookId: [], webhookTimestamp: [], webhookSignature: [] }];
export const stripeSignedOnly = [{ stripeSignature: [] }];

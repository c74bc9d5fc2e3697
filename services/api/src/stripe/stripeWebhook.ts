import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { Counter, type Registry } from '@widget-store/runtime';
import { readText } from '../json';
import { examples } from '../openapi/examples';
import { backendProblems, bodyProblems, problems, textResponse } from '../openapi/responses';
import { orderId as orderIdSchema } from '../openapi/schemas';
import { Problem } from '../problem';
import type { RunsContext } from '../runs/context';
import { settlePayment } from '../runs/settlePayment';
import { syncPayment } from '../runs/syncPayment';
import {
  readChangedPayment,
  readPaymentNotification,
  readPaymentReference,
  stripeEventKind,
  stripeEventKinds,
} from './stripeEvents';
import { type StripeWebhookSettings, verifyStripeEvent } from './stripeSignature';
import type { GatewayWebhook } from '../webhooks/gatewayWebhook';

/** An event contains the whole changed object. Most events have a few KB, and the largest have some tens of KB. */
const maxBodyBytes = 256 * 1024;
const path = '/webhooks/stripe';

const ignored = 'ignored';

const exampleEvent = {
  id: 'evt_1',
  type: 'checkout.session.completed',
  livemode: false,
  data: {
    object: {
      client_reference_id: examples.paymentId,
      payment_status: 'paid',
      amount_total: examples.totalMinor,
      currency: 'usd',
    },
  },
};

const stripeWebhookRoute = createRoute({
  method: 'post',
  path,
  operationId: 'hearStripe',
  summary: 'Report an event of Stripe',
  description: [
    'Exists only if Stripe is the payment gateway. The api responds only after the outcome is stored durably. A',
    'repeated event gets the same answer and has no effect. Events can arrive in any sequence. After an event about a',
    'refund or a dispute, a run reads the payment at Stripe. An event that no order waits for is only counted.',
  ].join(' '),
  tags: ['webhooks'],
  security: [{ stripeSignature: [] }],
  request: {
    // The schema checks nothing, because the signature covers the raw body, which the handler reads itself.
    body: { content: { 'application/json': { schema: { type: 'object' }, example: exampleEvent } } },
  },
  responses: {
    200: textResponse(
      z.union([orderIdSchema, z.literal(ignored)]),
      'The order id, or `ignored` if no order waits for this event',
    ),
    ...problems(
      'webhook_unauthorized',
      'payment_unknown',
      ...bodyProblems,
      'webhook_invalid',
      'webhook_mode_mismatch',
      'webhook_amount_mismatch',
      ...backendProblems,
    ),
  },
});

/** The content of Stripe's signature header (docs.stripe.com/webhooks#verify-manually). */
const signatureDescription =
  '`t=` with the Unix time in seconds, at most 300 seconds ago, and `v1=` with the HMAC-SHA256 of `{t}.{body}` in hexadecimal.';

/** Creates Stripe's webhook, and registers the metric that counts its events. */
export function createStripeWebhook(settings: StripeWebhookSettings, registry: Registry): GatewayWebhook {
  const countEvent = createEventCounter(registry);
  return { path, maxBodyBytes, routes: (runs) => stripeWebhookRoutes(runs, { settings, countEvent }) };
}

interface StripeWebhookDeps {
  settings: StripeWebhookSettings;
  countEvent: (type: string) => void;
}

/**
 * The route of Stripe's webhook. It checks the signature and its time, the fields of the event, its mode and its
 * amount, in this sequence. The app has already checked the size of the body. The handler signals the checkout run only
 * after all checks.
 */
function stripeWebhookRoutes(runs: RunsContext, { settings, countEvent }: StripeWebhookDeps): OpenAPIHono {
  const app = new OpenAPIHono();
  const scheme = { type: 'apiKey', in: 'header', name: 'Stripe-Signature', description: signatureDescription } as const;
  app.openAPIRegistry.registerComponent('securitySchemes', 'stripeSignature', scheme);
  app.openapi(stripeWebhookRoute, async (c) => {
    const rawBody = await readText(c.req.raw);
    const event = verifyStripeEvent(settings, { rawBody, signature: c.req.header('Stripe-Signature') ?? '' });
    countEvent(stripeEventKind(event));
    const changed = readChangedPayment(event);
    if (changed !== null) return c.text((await syncPayment(runs, changed)) ?? ignored, 200);
    const notification = readPaymentNotification(event);
    if (notification === null) return c.text(ignored, 200);
    const orderId = await settlePayment(runs, notification);
    if (orderId === null) throw new Problem('payment_unknown', 'Payment failed to process');
    const reference = readPaymentReference(event, notification);
    if (reference !== null) await runs.store.recordPaymentReferences([reference]);
    return c.text(orderId, 200);
  });
  return app;
}

function createEventCounter(registry: Registry): (type: string) => void {
  const events = new Counter({
    name: 'widget_store_stripe_events_total',
    help: "Verified events of Stripe by type. 'other' counts all types that the store does not know.",
    labelNames: ['type'] as const,
    registers: [registry],
  });
  // Creates all series with the value 0, so that Prometheus sees the first event of a type as an increase.
  for (const type of stripeEventKinds) events.inc({ type }, 0);
  return (type) => events.inc({ type });
}

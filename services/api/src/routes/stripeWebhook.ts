import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { readText } from '../json';
import type { ApiMetrics } from '../metrics';
import { stripeSignedOnly } from '../openapi/document';
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
  type StripeEvent,
  stripeEventKind,
} from '../webhooks/stripeEvents';
import type { RawStripeEvent } from '../webhooks/stripeSignature';
import { stripeWebhookPath } from '../webhooks/webhookPaths';

export interface StripeWebhookDeps {
  /** `verifyStripeEvent` with this store's settings. */
  verifyStripeEvent: (event: RawStripeEvent) => StripeEvent;
  runs: RunsContext;
  metrics: Pick<ApiMetrics, 'countStripeEvent'>;
}

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
  path: stripeWebhookPath,
  operationId: 'hearStripe',
  summary: 'Report an event of Stripe',
  description: [
    'Exists only if Stripe is the payment gateway. The api responds only after the outcome is stored durably. A',
    'repeated event gets the same answer and has no effect. Events can arrive in any sequence. After an event about a',
    'refund or a dispute, a run reads the payment at Stripe. An event that no order waits for is only counted.',
  ].join(' '),
  tags: ['webhooks'],
  security: stripeSignedOnly,
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

/**
 * The route of Stripe's webhook. It checks the signature and its time, the fields of the event, its mode and its
 * amount, in this sequence. The app has already checked the size of the body. The handler signals the checkout run only
 * after all checks.
 */
export function stripeWebhookRoutes({ verifyStripeEvent, runs, metrics }: StripeWebhookDeps) {
  return new OpenAPIHono().openapi(stripeWebhookRoute, async (c) => {
    const rawBody = await readText(c.req.raw);
    const event = verifyStripeEvent({ rawBody, signature: c.req.header('Stripe-Signature') ?? '' });
    metrics.countStripeEvent(stripeEventKind(event));
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
}

import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiMetrics } from '../metrics';
import { stripeSignedOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import { anyAway, problems, textResponse } from '../openapi/responses';
import { orderId as orderIdSchema } from '../openapi/schemas';
import type { Payments } from '../runs/payments';
import { Problem } from '../problem';
import { newsOf, stripeEventKind } from '../webhooks/stripeEvents';
import type { StripeVerifier } from '../webhooks/stripeSignature';
import { stripeWebhookPath } from '../webhooks/webhookPaths';

export interface StripeWebhookDeps {
  verifier: StripeVerifier;
  payments: Payments;
  metrics: Pick<ApiMetrics, 'heardOfStripe'>;
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

const hearStripe = createRoute({
  method: 'post',
  path: stripeWebhookPath,
  operationId: 'hearStripe',
  summary: "Stripe's events",
  description: [
    'There when Stripe takes the payments. Answered once the news is durable; a repetition gets the same answer and has no',
    'effect, and the order of arrival decides nothing. Events that no order waits for are counted and have no effect.',
  ].join(' '),
  tags: ['webhooks'],
  security: stripeSignedOnly,
  request: {
    // Read by Stripe's library, because its signature is over the bytes.
    body: { content: { 'application/json': { schema: { type: 'object' }, example: exampleEvent } } },
  },
  responses: {
    200: textResponse(z.union([orderIdSchema, z.literal(ignored)]), 'The order id, or that no order waits for this'),
    ...problems(
      'webhook_unauthorized',
      'payment_unknown',
      'body_too_large',
      'webhook_invalid',
      'webhook_mode_mismatch',
      'webhook_amount_mismatch',
      ...anyAway,
    ),
  },
});

/** The order of the checks: size (before this route), signature and timestamp, form and mode, amount, and then the signal. */
export function stripeWebhookRoutes({ verifier, payments, metrics }: StripeWebhookDeps) {
  return new OpenAPIHono().openapi(hearStripe, async (c) => {
    const event = verifier.verify(await c.req.text(), c.req.header('Stripe-Signature') ?? '');
    metrics.heardOfStripe(stripeEventKind(event));
    const news = newsOf(event);
    if (news === null) return c.text(ignored, 200);
    const orderId = await payments.settle(news);
    if (orderId === null) throw new Problem('payment_unknown', 'Payment failed to process');
    return c.text(orderId, 200);
  });
}

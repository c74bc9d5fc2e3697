import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { isPaymentId } from '@widget-store/contract';
import { parseJson } from '../json';
import { signedOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import { anyAway, problems, textResponse } from '../openapi/responses';
import { orderId as orderIdSchema } from '../openapi/schemas';
import type { PaymentNews, Payments } from '../runs/payments';
import { Problem } from '../problem';
import { paymentWebhookPath } from '../webhooks/webhookPaths';
import { isSigned, type WebhookVerifier } from '../webhooks/webhookSignature';

export interface PaymentWebhookDeps {
  payments: Payments;
  verifier: WebhookVerifier;
  /** Demo mode: also take the store contract's form, where the path alone counts. */
  acceptUnsigned: boolean;
}

/** What a gateway signs. The signature does not cover the path, so the body repeats what the path says. */
const signedBody = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.object({
    payment_id: z.string(),
    status: z.string(),
    amount_minor: z.int(),
    currency: z.string(),
  }),
});

const exampleEvent = {
  type: 'payment.paid',
  timestamp: '2026-01-31T12:00:00.000Z',
  data: { payment_id: examples.paymentId, status: 'paid', amount_minor: examples.totalMinor, currency: 'USD' },
};

const settlePayment = createRoute({
  method: 'post',
  path: paymentWebhookPath,
  operationId: 'settlePayment',
  summary: 'How a payment ended',
  description: [
    'Answered once the news is durable; a repetition gets the same answer and has no effect. The signature does not',
    'cover the path, so the body repeats it. Demo mode also takes the unsigned form, where the path alone counts.',
  ].join(' '),
  tags: ['webhooks'],
  security: signedOnly,
  request: {
    params: z.object({
      payment_id: z.string().openapi({ example: examples.paymentId }),
      payment_status: z.string().openapi({
        description: '`paid` pays; every other status releases the stock and cancels',
        example: 'paid',
      }),
    }),
    body: {
      required: false,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/PaymentEvent' }, example: exampleEvent } },
    },
  },
  responses: {
    200: textResponse(orderIdSchema, 'The order id'),
    ...problems(
      'invalid_json',
      'webhook_unauthorized',
      'payment_unknown',
      'body_too_large',
      'webhook_invalid',
      'webhook_path_mismatch',
      'webhook_amount_mismatch',
      ...anyAway,
    ),
  },
});

/**
 * How a payment ended. Answers once the news is durable; a repetition gets the same answer and has no effect. The order
 * of the checks: size (before this route), signature, JSON, path and amount, and only then the signal.
 */
export function paymentWebhookRoutes({ payments, verifier, acceptUnsigned }: PaymentWebhookDeps) {
  const app = new OpenAPIHono();
  app.openAPIRegistry.register('PaymentEvent', signedBody);
  return app.openapi(settlePayment, async (c) => {
    const { payment_id: paymentId, payment_status: paymentStatus } = c.req.valid('param');
    const trusted = acceptUnsigned && !isSigned(c.req.raw.headers);
    const news: PaymentNews = { paymentId, status: paymentStatus };
    if (!trusted) {
      const rawBody = await c.req.text();
      verifier.verify(rawBody, c.req.raw.headers);
      news.amount = readSignedAmount(rawBody, news);
      news.eventId = c.req.header('webhook-id') ?? '';
    }
    const orderId = isPaymentId(paymentId) ? await payments.settle(news) : null;
    if (orderId === null) throw new Problem('payment_unknown', 'Payment failed to process');
    return c.text(orderId, 200);
  });
}

function readSignedAmount(rawBody: string, path: PaymentNews): NonNullable<PaymentNews['amount']> {
  const body = signedBody.safeParse(parseJson(rawBody, 'webhook_invalid'));
  if (!body.success) throw new Problem('webhook_invalid', 'The webhook does not have the fields of a payment event.');
  const { payment_id, status, amount_minor, currency } = body.data.data;
  if (payment_id !== path.paymentId || status !== path.status) {
    throw new Problem('webhook_path_mismatch', 'The path names another payment or status than the signed body.');
  }
  return { amountMinor: amount_minor, currency };
}

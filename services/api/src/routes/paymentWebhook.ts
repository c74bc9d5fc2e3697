import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { isPaymentId } from '@widget-store/contract';
import { parseJson, readText } from '../json';
import { signedOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import { backendProblems, bodyProblems, problems, textResponse } from '../openapi/responses';
import { orderId as orderIdSchema } from '../openapi/schemas';
import { Problem } from '../problem';
import type { RunsContext } from '../runs/context';
import { type PaymentNotification, settlePayment } from '../runs/settlePayment';
import { paymentWebhookPath } from '../webhooks/webhookPaths';
import { isSigned, verifyWebhook } from '../webhooks/webhookSignature';

export interface PaymentWebhookDeps {
  runs: RunsContext;
  /** The secrets (`whsec_…`). Empty if the sandbox is not the payment gateway. */
  webhookSecrets: string[];
  /** Whether unsigned webhooks are accepted too, as in demo mode. The api ignores the body of an unsigned webhook. */
  acceptUnsigned: boolean;
}

/** The signed body. The signature does not cover the path, so the body repeats the content of the path. */
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

const settlePaymentRoute = createRoute({
  method: 'post',
  path: paymentWebhookPath,
  operationId: 'settlePayment',
  summary: 'Report how a payment ended',
  description: [
    'The api responds only after the outcome is stored durably. A repeated webhook gets the same answer and has no',
    'effect. The signature does not cover the path, so the body repeats the content of the path. Demo mode also',
    'accepts unsigned webhooks, and reads only their path.',
  ].join(' '),
  tags: ['webhooks'],
  security: signedOnly,
  request: {
    params: z.object({
      payment_id: z.string().openapi({ example: examples.paymentId }),
      payment_status: z.string().openapi({
        description: '`paid` marks the order paid. Every other status cancels the order and releases its stock',
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
      'webhook_unauthorized',
      'payment_unknown',
      ...bodyProblems,
      'webhook_invalid',
      'webhook_path_mismatch',
      'webhook_amount_mismatch',
      ...backendProblems,
    ),
  },
});

/**
 * The route of the payment webhook. It checks the signature, JSON, path and amount of a signed webhook, in this
 * sequence. The app has already checked the size of the body. The handler signals the checkout run only after all
 * checks.
 */
export function paymentWebhookRoutes({ runs, webhookSecrets, acceptUnsigned }: PaymentWebhookDeps) {
  const app = new OpenAPIHono();
  app.openAPIRegistry.register('PaymentEvent', signedBody);
  return app.openapi(settlePaymentRoute, async (c) => {
    const { payment_id: paymentId, payment_status: paymentStatus } = c.req.valid('param');
    const { headers } = c.req.raw;
    const notification: PaymentNotification = { paymentId, status: paymentStatus };
    if (!acceptUnsigned || isSigned(headers)) {
      const rawBody = await readText(c.req.raw);
      verifyWebhook(webhookSecrets, { rawBody, headers });
      notification.amount = readSignedAmount(rawBody, notification);
      notification.eventId = headers.get('webhook-id') ?? '';
    }
    const orderId = isPaymentId(paymentId) ? await settlePayment(runs, notification) : null;
    if (orderId === null) throw new Problem('payment_unknown', 'Payment failed to process');
    return c.text(orderId, 200);
  });
}

function readSignedAmount(rawBody: string, path: PaymentNotification): NonNullable<PaymentNotification['amount']> {
  const body = signedBody.safeParse(parseJson(rawBody, 'webhook_invalid'));
  if (!body.success) throw new Problem('webhook_invalid', 'The webhook does not have the fields of a payment event.');
  const { payment_id, status, amount_minor, currency } = body.data.data;
  if (payment_id !== path.paymentId || status !== path.status) {
    throw new Problem('webhook_path_mismatch', 'The path names another payment or status than the signed body.');
  }
  return { amountMinor: amount_minor, currency };
}

import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { parseJson, readText } from '../json';
import { signedOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import { backendProblems, bodyProblems, problems, textResponse } from '../openapi/responses';
import { orderId as orderIdSchema } from '../openapi/schemas';
import { Problem } from '../problem';
import type { RunsContext } from '../runs/context';
import { syncPayment } from '../runs/syncPayment';
import { sandboxWebhookPath } from '../webhooks/webhookPaths';
import { verifyWebhook } from '../webhooks/webhookSignature';

export interface SandboxWebhookDeps {
  runs: RunsContext;
  /** The secrets (`whsec_…`). Empty if the sandbox is not the payment gateway. */
  webhookSecrets: string[];
}

const ignored = 'ignored';

const paymentChange = z.object({
  type: z.string().openapi({ description: 'The store ignores the type. It reads the payment after every event' }),
  timestamp: z.string(),
  data: z.object({ payment_id: z.string() }),
});

const sandboxWebhookRoute = createRoute({
  method: 'post',
  path: sandboxWebhookPath,
  operationId: 'hearSandbox',
  summary: 'Report a change of a refund or dispute at the sandbox gateway',
  description: [
    'Must be signed, even in demo mode. The api responds only after it has stored durably that the payment has',
    'changed. A run then reads the payment at the gateway. Events can be repeated and can arrive in any sequence.',
  ].join(' '),
  tags: ['webhooks'],
  security: signedOnly,
  request: {
    body: {
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/PaymentChange' },
          example: {
            type: 'refund.created',
            timestamp: '2026-01-31T12:00:00.000Z',
            data: { payment_id: examples.paymentId },
          },
        },
      },
    },
  },
  responses: {
    200: textResponse(
      z.union([orderIdSchema, z.literal(ignored)]),
      'The order id, or `ignored` if the store does not know the payment',
    ),
    ...problems('webhook_unauthorized', ...bodyProblems, 'webhook_invalid', ...backendProblems),
  },
});

/** The route to which the sandbox gateway sends its events about refunds and disputes. */
export function sandboxWebhookRoutes({ runs, webhookSecrets }: SandboxWebhookDeps) {
  const app = new OpenAPIHono();
  app.openAPIRegistry.register('PaymentChange', paymentChange);
  return app.openapi(sandboxWebhookRoute, async (c) => {
    const rawBody = await readText(c.req.raw);
    verifyWebhook(webhookSecrets, { rawBody, headers: c.req.raw.headers });
    const event = paymentChange.safeParse(parseJson(rawBody, 'webhook_invalid'));
    if (!event.success) throw new Problem('webhook_invalid', 'The webhook does not have the fields of an event.');
    const orderId = await syncPayment(runs, { paymentId: event.data.data.payment_id });
    return c.text(orderId ?? ignored, 200);
  });
}

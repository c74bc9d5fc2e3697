import { isPaymentId } from '@widget-store/workflows/contract';
import { Hono } from 'hono';
import { z } from 'zod';
import type { PaymentNews, Payments } from '../payments';
import { Problem } from '../problem';
import { isSigned, type WebhookVerifier } from '../webhookSignature';

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

/**
 * How a payment ended. Answers once the news is durable; a repetition gets the same answer and has no effect. The order
 * of the checks: size (before this route), signature, JSON, path and amount, and only then the signal.
 */
export function paymentWebhookRoutes({ payments, verifier, acceptUnsigned }: PaymentWebhookDeps) {
  return new Hono().post('/payment_webhook/:paymentId/:paymentStatus', async (c) => {
    const { paymentId, paymentStatus } = c.req.param();
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
    return c.text(orderId);
  });
}

function readSignedAmount(rawBody: string, path: PaymentNews): NonNullable<PaymentNews['amount']> {
  const body = signedBody.safeParse(parseJson(rawBody));
  if (!body.success) throw new Problem('webhook_invalid', 'The webhook has not the fields of a payment event.');
  const { payment_id, status, amount_minor, currency } = body.data.data;
  if (payment_id !== path.paymentId || status !== path.status) {
    throw new Problem('webhook_path_mismatch', 'The path names another payment or status than the signed body.');
  }
  return { amountMinor: amount_minor, currency };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('invalid_json', 'The body is not JSON.');
  }
}

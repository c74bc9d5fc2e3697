import { parseRetryAfter } from '@widget-store/runtime';
import { Webhook } from 'standardwebhooks';
import type { PaymentEvent } from './deliveryQueue';

export interface Attempt {
  delivered: boolean;
  /** The status of the answer, or the reason why no answer came. */
  result: string;
  retryAfterMs: number | undefined;
}

/** Posts a webhook once. Never rejects: `result` says what went wrong. */
export type SendWebhook = (event: PaymentEvent, signal: AbortSignal) => Promise<Attempt>;

export interface WebhookOptions {
  /** Address of the api that receives the webhooks, without a slash at its end. */
  baseUrl: string;
  /** The key that signs the webhooks: `whsec_` and base64. */
  secret: string;
}

const deadlineMs = 10_000;

/**
 * Returns a function that sends webhooks. The webhooks follow Standard Webhooks 1.0, and the library of that project
 * signs them.
 */
export function createWebhookSender({ baseUrl, secret }: WebhookOptions): SendWebhook {
  const webhook = new Webhook(secret);
  return async (event, signal) => {
    const { eventId } = event;
    const { path, traceparent, body } = messageOf(event);
    const sentAt = new Date();
    try {
      const response = await fetch(baseUrl + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(traceparent === undefined ? {} : { traceparent }),
          'webhook-id': eventId,
          'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
          'webhook-signature': webhook.sign(eventId, sentAt, body),
        },
        body,
        // Following a redirect would send the payment's data to another server. So a redirect is a failed attempt.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
      });
      await response.body?.cancel();
      return {
        delivered: response.ok,
        result: `status ${response.status}`,
        retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), sentAt.getTime()),
      };
    } catch (error) {
      return { delivered: false, result: reasonOf(error), retryAfterMs: undefined };
    }
  };
}

interface Message {
  path: string;
  /** Every attempt sends the same bytes. */
  body: string;
  traceparent?: string | undefined;
}

function messageOf(event: PaymentEvent): Message {
  const { paymentId, occurredAt: timestamp } = event;
  if ('type' in event) {
    return {
      path: '/webhooks/sandbox',
      body: JSON.stringify({ type: event.type, timestamp, data: { payment_id: paymentId } }),
    };
  }
  const { status, amountMinor, currency, traceparent } = event;
  const data = { payment_id: paymentId, status, amount_minor: amountMinor, currency };
  const body = JSON.stringify({ type: `payment.${status}`, timestamp, data });
  return { path: `/payment_webhook/${paymentId}/${status}`, body, traceparent };
}

/** Prefers the `cause` of an error, because the message of an error of `fetch` says only "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../eventually';
import type { Answer, Shopper } from '../http/shopper';

export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

export interface WebhookEvent {
  paymentId: string;
  status: string;
  amountMinor?: number;
  currency?: string;
}

export function webhookBody({ paymentId, status, amountMinor = 9999, currency = 'USD' }: WebhookEvent): string {
  const data = { payment_id: paymentId, status, amount_minor: amountMinor, currency };
  return JSON.stringify({ type: `payment.${status}`, timestamp: new Date().toISOString(), data });
}

interface Signing {
  secret: string;
  at?: Date;
  id?: string;
}

/** Returns the headers of a signed webhook (Standard Webhooks 1.0). */
export function signWebhook(
  body: string,
  { secret, at = new Date(), id = `evt_${randomBytes(8).toString('hex')}` }: Signing,
): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

/** Sends a signed webhook, and repeats it with the same id while the store answers 503. */
export function deliverSigned(shopper: Shopper, { secret }: Signing, event: WebhookEvent): Promise<Answer> {
  const body = webhookBody(event);
  const headers = signWebhook(body, { secret });
  return eventually(
    () => shopper.send('POST', `/payment_webhook/${event.paymentId}/${event.status}`, { headers, body }),
    ({ status }) => status !== 503,
  );
}

import { randomBytes } from 'node:crypto';
import type { Random } from '../support/random';
import { newPaymentId } from '../support/gateway/gateway';
import { newWebhookSecret, signWebhook, webhookBody } from '../support/gateway/webhooks';
import type { Call } from '../support/clients/client';

/** The prefix of the ids of forged events. No order may be settled by an event with such an id. */
export const forgedEventPrefix = 'forged_';

/**
 * The difference between the current time and the wrong timestamp of a forged webhook. The api refuses such a timestamp
 * even while a fault shifts the api's clock by ten minutes.
 */
const staleMs = 60 * 60_000;

interface Victim {
  key: string;
  paymentId: string;
}

/**
 * Returns forged webhooks for the payment of a shopper who never pays. All of them are invalid, for different reasons.
 */
export function forgeries({ paymentId }: Victim, { secret, random }: { secret: string; random: Random }): Call[] {
  const paid = webhookBody({ paymentId, status: 'paid' });
  const failed = webhookBody({ paymentId, status: 'failed' });
  const odd = webhookBody({ paymentId, status: 'paid', amountMinor: 1 });
  const stranger = newPaymentId();
  const id = `${forgedEventPrefix}${randomBytes(8).toString('hex')}`;
  const sign = (body: string, options: { secret?: string; atMs?: number } = {}) =>
    signWebhook(body, { secret: options.secret ?? secret, at: new Date(options.atMs ?? Date.now()), id });
  const call = (what: string, path: string, sent: { headers: Record<string, string>; body: string }): Call => ({
    f: 'forged',
    request: { paymentId, what },
    method: 'POST',
    path: `/payment_webhook/${path}`,
    ...sent,
  });
  return random.shuffled([
    call('unsigned', `${paymentId}/paid`, { headers: { 'Content-Type': 'application/json' }, body: paid }),
    call('forged', `${paymentId}/paid`, { headers: sign(paid, { secret: newWebhookSecret() }), body: paid }),
    call('forged', `${paymentId}/failed`, { headers: sign(failed, { secret: newWebhookSecret() }), body: failed }),
    call('stale', `${paymentId}/paid`, { headers: sign(paid, { atMs: Date.now() - staleMs }), body: paid }),
    call('from the future', `${paymentId}/paid`, { headers: sign(paid, { atMs: Date.now() + staleMs }), body: paid }),
    call('body swapped', `${paymentId}/paid`, { headers: sign(failed), body: paid }),
    call('path swapped', `${paymentId}/paid`, { headers: sign(failed), body: failed }),
    call('path swapped', `${paymentId}/paid`, {
      headers: sign(webhookBody({ paymentId: stranger, status: 'paid' })),
      body: webhookBody({ paymentId: stranger, status: 'paid' }),
    }),
    call('another amount', `${paymentId}/paid`, { headers: sign(odd), body: odd }),
  ]);
}

/** Returns three invalid checkouts. No valid request uses their key, so no order may have this key. */
export function invalidCalls(key: string, random: Random): Call[] {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  const checkout = (what: string, body: string, path = `/checkout/${key}`): Call => ({
    f: 'invalid',
    request: { key, what },
    method: 'POST',
    path,
    headers,
    body,
  });
  const calls = [
    checkout('broken JSON', '{"items":['),
    checkout('no quantity', '{"items":[{"product_id":1,"quantity":0}]}'),
    checkout('a fraction', '{"items":[{"product_id":1,"quantity":0.5}]}'),
    checkout('a price of its own', '{"items":[{"product_id":1,"quantity":1,"price":"0.01"}]}'),
    checkout('a prototype', '{"__proto__":{"items":[]}}'),
    checkout('no such product', '{"items":[{"product_id":77,"quantity":1}]}'),
    checkout('too large', JSON.stringify({ items: [], more: 'x'.repeat(30_000) })),
    checkout('a key with SQL', '', `/checkout/${key}%27%3B%20drop%20table%20orders%3B--`),
    { ...checkout('a form', 'items=1'), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
  ];
  return random.shuffled(calls).slice(0, 3);
}

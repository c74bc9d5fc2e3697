import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Problem } from '../problem';
import { sandboxWebhookRoutes } from './sandboxWebhook';

const secret = `whsec_${randomBytes(32).toString('base64')}`;
const paymentId = `pay_${'1'.repeat(32)}`;
const order = { orderId: 'ord_1', status: 'PAID', paymentStatus: 'paid' };

describe("the sandbox gateway's webhook about refunds and disputes", () => {
  const signalled: unknown[] = [];
  const temporal = {
    withDeadline: (_deadline: number, work: () => Promise<unknown>) => work(),
    signalWithStart: async (type: string, { workflowId }: { workflowId: string }) => signalled.push([type, workflowId]),
  };
  const store = {
    findCheckout: async (known: { paymentId: string }) => (known.paymentId === paymentId ? order : undefined),
  };
  const app = sandboxWebhookRoutes({ runs: { temporal, store } as never, webhookSecrets: [secret] });
  app.onError((error) => new Response(error instanceof Problem ? error.code : error.message));
  beforeEach(() => void signalled.splice(0));

  async function send(body: string, signedBody: string | null = body): Promise<string> {
    const [id, at] = ['evt_1', new Date()];
    const signature = signedBody === null ? '' : new Webhook(secret).sign(id, at, signedBody);
    const headers = {
      'Content-Type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      ...(signature !== '' && { 'webhook-signature': signature }),
    };
    return (await app.request('/webhooks/sandbox', { method: 'POST', headers, body })).text();
  }
  const event = (id: string, type = 'dispute.created') =>
    JSON.stringify({ type, timestamp: new Date().toISOString(), data: { payment_id: id } });

  it.each(['refund.created', 'dispute.closed', 'a.type.of.next.year'])('of type %s signals a run', async (type) => {
    expect(await send(event(paymentId, type))).toBe(order.orderId);
    expect(signalled).toEqual([['syncPayment', `syncPayment/${paymentId}`]]);
  });

  it.each([
    ['unsigned', event(paymentId), null, 'webhook_unauthorized'],
    ['signed for another body', event(paymentId), event('pay_2'), 'webhook_unauthorized'],
    ['about an unknown payment', event(`pay_${'2'.repeat(32)}`), undefined, 'ignored'],
    ['about something that is no payment', event('cart-17'), undefined, 'ignored'],
    ['without a payment', '{"type":"refund.created"}', undefined, 'webhook_invalid'],
    ['not JSON', 'refund', undefined, 'invalid_json'],
  ])('that is %s has no effect', async (_what, body, signedBody, answer) => {
    expect(await send(body, signedBody)).toBe(answer);
    expect(signalled).toEqual([]);
  });
});

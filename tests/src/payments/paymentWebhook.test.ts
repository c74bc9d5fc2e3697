import { freePorts } from '@widget-store/dev';
import { digestOf, setAvailable } from '../support/store/database';
import { eventually } from '../support/eventually';
import { stockViolations } from '../support/store/invariants';
import { type Answer, type Shopper, shopperOf, problemOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';
import {
  newWebhookSecret,
  signWebhook,
  webhookBody as bodyOf,
  type WebhookEvent as Event,
} from '../support/gateway/webhooks';

/** Webhooks in the sandbox gateway's format, sent to a store that does not run in demo mode. */
describe('signed payment webhooks', () => {
  const secret = newWebhookSecret();
  const previousSecret = newWebhookSecret();
  let store: TestStore;
  let shopper: Shopper;

  beforeAll(async () => {
    store = await startTestStore({
      demo: false,
      extraEnvironment: { api: { PAYMENT_WEBHOOK_SECRET: secret, PAYMENT_WEBHOOK_SECRET_PREVIOUS: previousSecret } },
    });
    shopper = shopperOf(store.apiUrl);
  });
  afterAll(() => store.close());
  beforeEach(() => setAvailable(store.store, 100));

  const digest = () => digestOf(store.sql);

  const sign = (body: string, options: Partial<Parameters<typeof signWebhook>[1]> = {}) =>
    signWebhook(body, { secret, ...options });
  const deliver = (event: Event, headers: Record<string, string>, body = bodyOf(event)) =>
    shopper.send('POST', `/payment_webhook/${event.paymentId}/${event.status}`, { headers, body });

  it.each(['paid', 'failed'])('%s: returns the order id, also to a repeated webhook', async (status) => {
    const event = { paymentId: await shopper.reserve(), status };
    const body = bodyOf(event);
    const headers = sign(body);
    const first = await deliver(event, headers, body);
    expect([first.status, first.text]).toEqual([200, expect.stringMatching(/^ord_/)]);
    const again = await deliver(event, headers, body);
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect((await shopper.order(first.text)).payment_status).toBe(status);
  });

  it('returns the order id even if another api served the checkout', async () => {
    const { port } = await freePorts('port');
    const replica = await store.startReplica('api', { name: 'another api', port });
    const event = { paymentId: await shopper.reserve(), status: 'failed' };
    const body = bodyOf(event);
    const path = `/payment_webhook/${event.paymentId}/${event.status}`;
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: sign(body), body });
    const orderId = await answer.text();
    await replica.stop();
    expect([answer.status, orderId]).toEqual([200, expect.stringMatching(/^ord_/)]);
    expect((await shopper.order(orderId)).payment_status).toBe('failed');
  });

  it('returns the order id while a lock delays the decision in Postgres', async () => {
    const event = { paymentId: await shopper.reserve(), status: 'failed' };
    const body = bodyOf(event);
    const answer = await store.sql.begin(async (sql) => {
      await sql`select 1 from orders where payment_id = ${event.paymentId} for update`;
      return deliver(event, sign(body), body);
    });
    expect([answer.status, answer.text]).toEqual([200, expect.stringMatching(/^ord_/)]);
    await eventually(
      () => shopper.order(answer.text),
      (order) => order.payment_status === 'failed',
    );
  });

  it('accepts a signature with the previous secret', async () => {
    const event = { paymentId: await shopper.reserve(), status: 'failed' };
    const body = bodyOf(event);
    expect((await deliver(event, sign(body, { secret: previousSecret }), body)).status).toBe(200);
  });

  it('accepts a body with a UTF-8 byte order mark, which the signature covers', async () => {
    const event = { paymentId: await shopper.reserve(), status: 'paid' };
    const body = `\ufeff${bodyOf(event)}`;
    expect((await deliver(event, sign(body), body)).status).toBe(200);
    expect((await deliver(event, sign(body), body.slice(1))).status).toBe(401);
  });

  it('returns 404 for a signed event of an unknown payment', async () => {
    const event = { paymentId: `pay_${'0'.repeat(32)}`, status: 'paid' };
    const body = bodyOf(event);
    const answer = await deliver(event, sign(body), body);
    expect([answer.status, problemOf(answer).code]).toEqual([404, 'payment_unknown']);
  });

  describe('refuses, and changes no row for:', () => {
    const minutes = (count: number) => new Date(Date.now() + count * 60_000);

    it.each<[string, number, string, (event: Event, body: string) => Promise<Answer>]>([
      ['the unsigned form', 401, 'webhook_unauthorized', (event) => shopper.webhook(event.paymentId, event.status)],
      [
        'another secret',
        401,
        'webhook_unauthorized',
        (event, body) => deliver(event, sign(body, { secret: newWebhookSecret() }), body),
      ],
      [
        'an old timestamp',
        401,
        'webhook_unauthorized',
        (event, body) => deliver(event, sign(body, { at: minutes(-6) }), body),
      ],
      [
        'a timestamp from the future',
        401,
        'webhook_unauthorized',
        (event, body) => deliver(event, sign(body, { at: minutes(6) }), body),
      ],
      [
        'a body that was changed after signing',
        401,
        'webhook_unauthorized',
        (event, body) => deliver(event, sign(body), body.replace('9999', '1')),
      ],
      [
        'a known id with another body',
        401,
        'webhook_unauthorized',
        (event, body) => deliver(event, sign(body, { id: 'evt_1' }), body.replace('paid', 'paid ')),
      ],
      [
        'a missing signature header',
        401,
        'webhook_unauthorized',
        (event, body) => deliver(event, { ...sign(body), 'webhook-signature': '' }, body),
      ],
      ['a body that is not JSON', 400, 'invalid_json', (event) => deliver(event, sign('{nonsense'), '{nonsense')],
      [
        'a compressed body',
        415,
        'unsupported_media_type',
        (event, body) => deliver(event, { ...sign(body), 'Content-Encoding': 'gzip' }, body),
      ],
      ['a body without the fields', 422, 'webhook_invalid', (event) => deliver(event, sign('{}'), '{}')],
      [
        'a path with another status',
        422,
        'webhook_path_mismatch',
        (event) => {
          const body = bodyOf({ ...event, status: 'failed' });
          return deliver(event, sign(body), body);
        },
      ],
      [
        'a path with another payment',
        422,
        'webhook_path_mismatch',
        (event) => {
          const body = bodyOf({ ...event, paymentId: `pay_${'1'.repeat(32)}` });
          return deliver(event, sign(body), body);
        },
      ],
      [
        'another amount',
        422,
        'webhook_amount_mismatch',
        (event) => {
          const body = bodyOf({ ...event, amountMinor: 1 });
          return deliver(event, sign(body), body);
        },
      ],
      [
        'another currency',
        422,
        'webhook_amount_mismatch',
        (event) => {
          const body = bodyOf({ ...event, currency: 'JPY' });
          return deliver(event, sign(body), body);
        },
      ],
      [
        'a body of 20 KB and one byte',
        413,
        'body_too_large',
        (event) => {
          const body = bodyOf(event).padEnd(20 * 1024 + 1);
          return deliver(event, sign(body), body);
        },
      ],
    ])('%s', async (_what, status, code, send) => {
      const event = { paymentId: await shopper.reserve(), status: 'paid' };
      const before = await digest();
      const answer = await send(event, bodyOf(event));
      expect([answer.status, problemOf(answer).code]).toEqual([status, code]);
      expect(await digest()).toBe(before);
      // The api logs a refused webhook only if its signature is valid. Otherwise anybody could fill the log with
      // unsigned webhooks.
      const logged = (await refusalsLogged()).some((line) => line.includes(event.paymentId));
      expect(logged).toBe(status === 422);
    });

    /**
     * Returns all log lines about refused webhooks. To be sure that all these lines are written, this function first
     * sends one more webhook, which the api refuses, and waits for the log line of that webhook.
     */
    async function refusalsLogged(): Promise<string[]> {
      const last = { paymentId: await shopper.reserve(), status: 'paid', amountMinor: 1 };
      const body = bodyOf(last);
      await deliver(last, sign(body), body);
      const read = () => store.lines.filter((line) => line.includes('a webhook was refused'));
      return eventually(read, (lines) => lines.some((line) => line.includes(last.paymentId)));
    }
  });

  it('applies 100 concurrent deliveries of one event once', async () => {
    const event = { paymentId: await shopper.reserve(), status: 'paid' };
    const body = bodyOf(event);
    const headers = sign(body);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        eventually(
          () => deliver(event, headers, body),
          ({ status }) => status !== 503,
        ),
      ),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
    const holds = await store.sql`select quantity::int from stock_movements where order_id = ${answers[0]?.text ?? ''}`;
    expect(holds).toEqual([{ quantity: -1 }]);
    expect(await stockViolations(store.sql)).toEqual([]);
  });
});

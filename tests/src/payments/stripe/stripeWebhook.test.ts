import { freePort } from '@widget-store/dev';
import Stripe from 'stripe';
import { setAvailable } from '../../support/store/database';
import { eventually } from '../../support/eventually';
import { rawRequest } from '../../support/http/rawRequest';
import { scrape } from '../../support/http/scrape';
import { newKey, type Shopper, shopperOf, problemOf } from '../../support/http/shopper';
import { startTestStore, type TestStore } from '../../support/store/store';
import { recordCharge } from '../../support/gateway/stripe/account';
import type { Session } from '../../support/gateway/stripe/objects';
import { eventAbout, type StripeUnderTest, stripeUnderTest } from '../../support/gateway/stripe/underTest';
import { webhookBody } from '../../support/gateway/webhooks';

const path = '/webhooks/stripe';

/**
 * The store is in demo mode. With the sandbox gateway, demo mode accepts unsigned webhooks. With Stripe, it must not.
 */
describe('events of Stripe', () => {
  let stripe: StripeUnderTest;
  let store: TestStore;
  let shopper: Shopper;
  let metricsUrl: string;

  beforeAll(async () => {
    stripe = await stripeUnderTest();
    const port = await freePort();
    metricsUrl = `http://127.0.0.1:${port}`;
    const api = stripe.environment.api;
    const worker = { ...stripe.environment.worker, RECONCILE_EVERY_MS: '1000', RECONCILE_GRACE_MS: '500' };
    store = await startTestStore({ extraEnvironment: { api: { ...api, METRICS_PORT: String(port) }, worker } });
    await stripe.serve(store);
    shopper = shopperOf(store.apiUrl);
  });
  afterAll(async () => {
    await store.close();
    await stripe.close();
  });
  beforeEach(() => setAvailable(store.store, 100));

  /** Places an order and opens its payment page. */
  async function reserve(): Promise<Session> {
    const paymentId = await shopper.reserve(newKey());
    expect((await shopper.send('POST', `/payment/${paymentId}/page`)).status).toBe(200);
    const [session] = stripe.sessionsOf(paymentId);
    if (session === undefined) throw new Error('no session was opened');
    return session;
  }
  const statusOf = async ({ paymentId }: Session): Promise<string> => {
    const [row] = await store.sql`select status from orders where payment_id = ${paymentId}`;
    return String(row?.['status']);
  };
  const paid = (session: Session) => {
    Object.assign(session, { status: 'complete', paymentStatus: 'paid' });
    recordCharge(session, 'succeeded');
  };
  const signatures: string[] = [];
  const sign = (payload: string, more: { secret?: string; timestamp?: number } = {}): string => {
    const header = Stripe.webhooks.generateTestHeaderString({ payload, secret: stripe.webhookSecret, ...more });
    signatures.push(header.split('v1=').at(-1) ?? '');
    return header;
  };
  const send = (body: string, signature: string) =>
    shopper.send('POST', path, {
      headers: { 'Content-Type': 'application/json', 'Stripe-Signature': signature },
      body,
    });
  const completed = (session: Session, more: object = {}) => eventAbout('checkout.session.completed', session, more);

  it('belong to a session with the payment id, which was opened in the pinned version of the API', async () => {
    const session = await reserve();
    const [order] = await store.sql`select order_id, expires_at from orders where payment_id = ${session.paymentId}`;
    const page = `${store.apiUrl}/shop/order/${String(order?.['order_id'])}`;
    const endsAt = Math.ceil((Number(order?.['expires_at']) + 31 * 60_000) / 1000);
    expect(session).toMatchObject({
      amount: 9999,
      currency: 'usd',
      metadata: { payment_id: session.paymentId },
      intentMetadata: { payment_id: session.paymentId },
      returnUrl: `${page}?returned`,
      expiresAt: endsAt,
    });
    expect([...stripe.standIn.versions]).toEqual([Stripe.API_VERSION]);
  });

  it('over the size limit are refused before they are read', async () => {
    const body = 'x'.repeat(300 * 1024);
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n`;
    const answer = await rawRequest(store.apiUrl, `${head}Content-Length: ${body.length}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    const whole = 'x'.repeat(200 * 1024);
    expect((await send(whole, sign(whole))).status).toBe(422);
  });

  const nowSeconds = (): number => Math.floor(Date.now() / 1000);
  it.each<[what: string, status: number, code: string, deliver: (session: Session) => ReturnType<typeof send>]>([
    ['without a signature', 401, 'webhook_unauthorized', (session) => send(completed(session), '')],
    [
      'signed with another secret',
      401,
      'webhook_unauthorized',
      (session) => {
        const body = completed(session);
        return send(body, sign(body, { secret: `whsec_${'x'.repeat(32)}` }));
      },
    ],
    [
      'signed six minutes ago',
      401,
      'webhook_unauthorized',
      (session) => {
        const body = completed(session);
        return send(body, sign(body, { timestamp: nowSeconds() - 360 }));
      },
    ],
    [
      'changed by one byte',
      401,
      'webhook_unauthorized',
      (session) => {
        const body = completed(session);
        return send(`${body} `, sign(body));
      },
    ],
    [
      'about real money',
      422,
      'webhook_mode_mismatch',
      (session) => {
        const body = completed(session, { livemode: true });
        return send(body, sign(body));
      },
    ],
    ['that are not JSON', 422, 'webhook_invalid', () => send('nonsense', sign('nonsense'))],
    ['without its fields', 422, 'webhook_invalid', () => send('{"id":"evt_1"}', sign('{"id":"evt_1"}'))],
    [
      'about a session without its fields',
      422,
      'webhook_invalid',
      (session) => {
        const body = completed(session, { data: { object: { id: 'cs_1' } } });
        return send(body, sign(body));
      },
    ],
    [
      'with another amount',
      422,
      'webhook_amount_mismatch',
      (session) => {
        const body = completed({ ...session, paymentStatus: 'paid', amount: 1 });
        return send(body, sign(body));
      },
    ],
    [
      'in another currency',
      422,
      'webhook_amount_mismatch',
      (session) => {
        const body = completed({ ...session, paymentStatus: 'paid', currency: 'eur' });
        return send(body, sign(body));
      },
    ],
    [
      'about an unknown payment',
      404,
      'payment_unknown',
      (session) => {
        const body = completed({ ...session, paymentStatus: 'paid', paymentId: `pay_${'0'.repeat(32)}` });
        return send(body, sign(body));
      },
    ],
  ])('%s get %i %s, and change nothing', async (_what, status, code, deliver) => {
    const session = await reserve();
    const answer = await deliver(session);
    expect([answer.status, problemOf(answer).code]).toEqual([status, code]);
    expect(await statusOf(session)).toBe('PENDING');
  });

  const countOf = async (type: string) =>
    (await scrape(metricsUrl)).samples.find(
      ({ name, labels }) => name === 'widget_store_stripe_events_total' && labels['type'] === type,
    )?.value ?? Number.NaN;

  it.each(['checkout.session.expired', 'customer.created', 'a.type.of.next.year'])(
    'of type %s are counted and ignored',
    async (type) => {
      const session = await reserve();
      const known = type === 'checkout.session.expired' ? type : 'other';
      const before = await countOf(known);
      const body = eventAbout(type, session);
      expect(await send(body, sign(body))).toMatchObject({ status: 200, text: 'ignored' });
      expect(await countOf(known)).toBe(before + 1);
      expect(await statusOf(session)).toBe('PENDING');
    },
  );

  it('about a dispute are counted, and make a run read the payment', async () => {
    const session = await reserve();
    const { paymentId } = session;
    const orderId = await store.orderIdOf(paymentId);
    const intent = `pi_${paymentId}`;
    await store.sql`update payment_references set intent = ${intent} where payment_id = ${paymentId}`;
    const type = 'charge.dispute.created';
    const before = await countOf(type);
    const body = eventAbout(type, session, { data: { object: { payment_intent: intent } } });
    expect(await send(body, sign(body))).toMatchObject({ status: 200, text: orderId });
    expect(await countOf(type)).toBe(before + 1);
    const other = eventAbout(type, session, { data: { object: { payment_intent: 'pi_other' } } });
    expect(await send(other, sign(other))).toMatchObject({ status: 200, text: 'ignored' });
    const run = store.workflows.getHandle(`syncPayment/${paymentId}`);
    await run.result();
    expect(await statusOf(session)).toBe('PENDING');
  });

  it('of other programs on the same account are ignored', async () => {
    const session = await reserve();
    const one = { payment_status: 'paid', amount_total: 1, currency: 'usd' };
    // The mode `setup` saves a card and charges nothing.
    const setup = { payment_status: 'no_payment_required', amount_total: null, currency: null };
    for (const object of [
      { client_reference_id: null, ...one },
      { client_reference_id: 'cart-17', ...one },
      { client_reference_id: null, ...setup },
      { client_reference_id: 'cart-17', ...setup },
    ]) {
      const data = { object };
      const body = completed(session, { data });
      expect(await send(body, sign(body))).toMatchObject({ status: 200, text: 'ignored' });
    }
  });

  it('of a delayed payment method pay the order only when the payment succeeds', async () => {
    const session = await reserve();
    Object.assign(session, { status: 'complete' });
    expect((await stripe.tell('checkout.session.completed', session)).status).toBe(200);
    expect(await statusOf(session)).toBe('PENDING');
    paid(session);
    expect((await stripe.tell('checkout.session.async_payment_succeeded', session)).status).toBe(200);
    expect(await statusOf(session)).toBe('PAID');
  });

  it('that arrive after the payment change nothing', async () => {
    const session = await reserve();
    paid(session);
    const body = completed(session);
    const answers = [await send(body, sign(body)), await send(body, sign(body))];
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const { id } = JSON.parse(body) as { id: string };
    for (const type of [
      'checkout.session.async_payment_failed',
      'checkout.session.expired',
      'checkout.session.completed',
    ])
      expect((await stripe.tell(type, session)).status).toBe(200);
    const [order] =
      await store.sql`select status, payment_event_id from orders where payment_id = ${session.paymentId}`;
    expect(order).toEqual({ status: 'PAID', payment_event_id: id });
  });

  it.each(['checkout.session.completed', 'checkout.session.async_payment_failed'])(
    'of type %s in an old API version are accepted',
    async (type) => {
      const session = await reserve();
      paid(session);
      const body = eventAbout(type, session, { api_version: '2019-12-03' });
      expect((await send(body, sign(body))).status).toBe(200);
      expect(await statusOf(session)).toBe(type.endsWith('failed') ? 'CANCELLED' : 'PAID');
    },
  );

  it('a cancelled order has an expired session', async () => {
    const session = await reserve();
    const orderId = await store.orderIdOf(session.paymentId);
    expect((await shopper.send('POST', `/order/${orderId}/cancel`)).status).toBe(200);
    await eventually(
      () => session.status,
      (status) => status === 'expired',
    );
    expect(await stripe.pay(session.paymentId)).toBe(false);
  });

  it('a charge of a cancelled order is found in the ledger and refunded, even if its event is lost', async () => {
    const session = await reserve();
    const orderId = await store.orderIdOf(session.paymentId);
    await shopper.send('POST', `/order/${orderId}/cancel`);
    await eventually(
      () => session.status,
      (status) => status === 'expired',
    );
    // This payment was in progress when the session expired, and succeeds now. The test sends no event for it.
    paid(session);
    const refunded = await eventually(
      () => shopper.order(orderId),
      ({ payment_status: paymentStatus }) => paymentStatus === 'refunded',
    );
    expect(refunded.status).toBe('CANCELLED');
    expect([await stripe.keptMinor(session.paymentId), await stripe.refunds(session.paymentId)]).toEqual([0, 1]);
  });

  it('webhooks in the form of the sandbox gateway are refused', async () => {
    const { paymentId } = await reserve();
    const answer = await shopper.webhook(paymentId, 'paid');
    expect([answer.status, problemOf(answer).code]).toEqual([401, 'webhook_unauthorized']);
    const body = webhookBody({ paymentId, status: 'paid' });
    const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': String(nowSeconds()), 'webhook-signature': 'v1,' };
    expect((await shopper.send('POST', `/payment_webhook/${paymentId}/paid`, { headers, body })).status).toBe(401);
  });

  it('no log has a key or a signature', async () => {
    // A refused event with a valid signature is logged, so the log could show the signature.
    const body = completed({ ...(await reserve()), paymentStatus: 'paid', amount: 1 });
    const refused = await send(body, sign(body));
    const requestId = String(refused.headers.get('X-Request-Id'));
    await eventually(
      () => store.lines,
      (lines) => lines.some((line) => line.includes(requestId)),
    );
    const secrets = [stripe.webhookSecret, String(stripe.environment.worker['STRIPE_SECRET_KEY']), ...signatures];
    expect(store.lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
  });
});

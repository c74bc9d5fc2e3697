import type { OrderBody, OrderReportBody, PaymentPageBody } from '@widget-store/api';
import { checkoutWorkflowId, ownRefundId, refundWorkflowId } from '@widget-store/contract';
import { type Charge, openTill, type Till } from '../support/gateway/charges';
import { setAvailable, stockOf } from '../support/store/database';
import { eventually } from '../support/eventually';
import { scrape } from '../support/http/scrape';
import { type Answer, newKey } from '../support/http/shopper';
import { quickDispatches, startTestStore, type TestStore } from '../support/store/store';
import { problemOf } from '../support/http/shopper';

/** Cancellation, refund and payment page over HTTP. The gateway is a separate process, so that tests can stop it. */
describe('the actions on an order', () => {
  let store: TestStore;
  let till: Till;
  let dispatched: Charge;

  beforeAll(async () => {
    store = await startTestStore({ worker: quickDispatches });
    till = await openTill(store);
    dispatched = await till.charge();
    await till.tell(dispatched, 'paid');
  });
  afterAll(() => store.close());
  beforeEach(() => setAvailable(store.store, 100));

  const post = (path: string) => till.shopper.send('POST', path);
  const cancel = ({ orderId }: Charge) => post(`/order/${orderId}/cancel`);
  const refund = ({ orderId }: Charge, body: object = {}, key: string | null = newKey()) =>
    till.shopper.send('POST', `/order/${orderId}/refunds`, {
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...(key !== null && { 'Idempotency-Key': key }) },
    });
  const page = ({ paymentId }: Charge) => post(`/payment/${paymentId}/page`);
  const orderIn = ({ text }: Answer) => JSON.parse(text) as OrderBody;
  const pageIn = ({ text }: Answer) => JSON.parse(text) as PaymentPageBody;
  const outcome = (answer: Answer) => [answer.status, problemOf(answer).code];
  const when = (charge: Charge, accept: (order: OrderBody) => boolean) =>
    eventually(() => till.shopper.order(charge.orderId), accept);
  const refundedWhen = (charge: Charge) => when(charge, (order) => order.payment_status === 'refunded');

  async function paid(): Promise<Charge> {
    const charge = await till.charge();
    await till.tell(charge, 'paid');
    return charge;
  }

  async function soldOut(): Promise<Charge> {
    await setAvailable(store.store, 0);
    await till.shopper.checkout('sold-out');
    const [row] = await store.sql`select order_id from orders where idempotency_key = 'sold-out'`;
    return { key: 'sold-out', paymentId: '', orderId: String(row?.['order_id']) };
  }

  it.each([
    ['/order/:id/cancel', 'order_unknown', `ord_${'0'.repeat(32)}`],
    ['/payment/:id/page', 'payment_unknown', `pay_${'0'.repeat(32)}`],
  ])('POST %s returns the same 404 problem for an unknown and a malformed id', async (path, code, unknown) => {
    const answers = await Promise.all(
      [unknown, 'nonsense', `${unknown}0`, unknown.toUpperCase(), '%00', "'%20or%201=1"].map((id) =>
        post(path.replace(':id', id)),
      ),
    );
    const bodies = answers.map((answer) => ({ ...problemOf(answer), instance: '', request_id: '' }));
    expect(bodies[0]).toMatchObject({ status: 404, code, retryable: false });
    expect(bodies).toEqual(bodies.map(() => bodies[0]));
  });

  it.each(['/order/ord_1/cancel', '/order/ord_1/refunds', '/payment/pay_1/page'])(
    'GET %s answers 405',
    async (path) => {
      const answer = await till.shopper.send('GET', path);
      expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'POST']);
    },
  );

  describe('POST /order/{order_id}/cancel', () => {
    it('cancels a pending order, and returns the same body to a repeated request', async () => {
      const charge = await till.open();
      const answer = await cancel(charge);
      expect([answer.status, answer.headers.get('Cache-Control')]).toEqual([200, 'no-store']);
      const cancelled = {
        status: 'CANCELLED',
        order_status: -1,
        payment_status: 'cancelled',
        cancel_reason: 'cancelled',
      };
      expect(orderIn(answer)).toMatchObject({ ...cancelled, refunds: [], payment_id: charge.paymentId });
      const again = await cancel(charge);
      expect([again.status, again.text]).toEqual([200, answer.text]);
    });

    it('cancels a paid order and refunds it once', async () => {
      const charge = await paid();
      const answer = await cancel(charge);
      expect([answer.status, orderIn(answer).status]).toEqual([200, 'CANCELLED']);
      const { refunds: shown } = await refundedWhen(charge);
      expect(shown).toEqual([
        {
          refund_id: expect.stringMatching(/^ref_/) as string,
          amount: '99.99',
          amount_minor: 9999,
          status: 'succeeded',
          created_at: expect.stringMatching(/Z$/) as string,
          updated_at: expect.stringMatching(/Z$/) as string,
        },
      ]);
      expect(orderIn(await cancel(charge)).refunds).toEqual(shown);
      expect(await till.gateway.refunds(charge.paymentId)).toBe(1);
    });

    it('makes a refund of 0, which only operators see, if the gateway has captured nothing', async () => {
      const charge = await till.open();
      await till.tell(charge, 'paid');
      await cancel(charge);
      expect((await refundedWhen(charge)).refunds).toEqual([]);
      const { text } = await till.shopper.send('GET', `/ops/orders/${charge.orderId}`);
      const { order, runs } = JSON.parse(text) as OrderReportBody;
      expect(order.refunds).toMatchObject([{ amount_minor: 0, status: 'succeeded', source: 'cancellation' }]);
      expect(runs.at(-1)?.workflow_id).toBe(refundWorkflowId(ownRefundId(charge.orderId)));
    });

    it('refuses a dispatched order with 409 order_dispatched, and does not change it', async () => {
      const before = await when(dispatched, ({ status }) => status === 'DISPATCHED');
      const answer = await cancel(dispatched);
      expect(outcome(answer)).toEqual([409, 'order_dispatched']);
      expect(await till.shopper.order(dispatched.orderId)).toEqual(before);
    });

    it('returns 200 for a sold-out order, which is already cancelled', async () => {
      const answer = await cancel(await soldOut());
      expect([answer.status, orderIn(answer).cancel_reason]).toEqual([200, 'sold_out']);
    });
  });

  describe('POST /order/{order_id}/refunds', () => {
    const unknownRefund = `ref_${'0'.repeat(32)}`;
    const dispatchedWhen = (charge: Charge) => when(charge, ({ status }) => status === 'DISPATCHED');
    const settledWhen = (charge: Charge) => when(charge, ({ payment_status: status }) => status !== 'refunding');

    it('refunds a dispatched order in part, then the rest, and nothing more', async () => {
      await dispatchedWhen(dispatched);
      const asked = { amount_minor: 2000, reason: 'Scratched', restock: [{ product_id: 1, quantity: 1 }] };
      const key = newKey();
      const answer = await refund(dispatched, asked, key);
      const body = {
        refund_id: expect.stringMatching(/^ref_[0-9a-f]{32}$/) as string,
        order_id: dispatched.orderId,
        amount_minor: 2000,
        currency: 'USD',
        status: 'pending',
        reason: 'Scratched',
        settled_by: null,
        created_at: expect.stringMatching(/Z$/) as string,
      };
      expect([answer.status, JSON.parse(answer.text)]).toEqual([202, body]);
      expect(answer.headers.get('Idempotent-Replayed')).toBeNull();
      const inPart = await settledWhen(dispatched);
      expect(inPart).toMatchObject({
        status: 'DISPATCHED',
        payment_status: 'partially_refunded',
        captured_minor: 9999,
        refunded_minor: 2000,
        refunds: [{ amount: '20.00', status: 'succeeded' }],
      });
      expect(JSON.stringify(inPart)).not.toContain('Scratched');
      expect((await stockOf(store.sql)).inventory).toBe(101);

      const again = await refund(dispatched, asked, key);
      expect([again.status, again.headers.get('Idempotent-Replayed')]).toEqual([202, 'true']);
      expect(JSON.parse(again.text)).toEqual({ ...body, status: 'succeeded' });
      expect(outcome(await refund(dispatched, { amount_minor: 1 }, key))).toEqual([422, 'idempotency_key_reused']);
      expect(outcome(await refund(dispatched, { amount_minor: 8000 }))).toEqual([422, 'refund_exceeds_captured']);
      const twice = { amount_minor: 1, restock: [{ product_id: 1, quantity: 1 }] };
      expect(outcome(await refund(dispatched, twice))).toEqual([422, 'restock_exceeds_sold']);

      expect((await refund(dispatched)).status).toBe(202);
      expect(await refundedWhen(dispatched)).toMatchObject({ status: 'DISPATCHED', refunded_minor: 9999 });
      expect(outcome(await refund(dispatched))).toEqual([422, 'refund_exceeds_captured']);
      expect(await till.gateway.keptMinor(dispatched.paymentId)).toBe(0);
      expect(await till.gateway.refunds(dispatched.paymentId)).toBe(2);
    });

    it('for many concurrent requests, refunds at most the captured amount, and makes one refund for each key', async () => {
      const charge = await paid();
      const answers = await Promise.all(Array.from({ length: 20 }, () => refund(charge, { amount_minor: 6000 })));
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
      const key = newKey();
      const same = await Promise.all(Array.from({ length: 50 }, () => refund(charge, { amount_minor: 1000 }, key)));
      expect(new Set(same.map(({ text }) => (JSON.parse(text) as { refund_id: string }).refund_id)).size).toBe(1);
      const { refunded_minor: refunded } = await settledWhen(charge);
      expect([refunded, await till.gateway.keptMinor(charge.paymentId)]).toEqual([7000, 2999]);
      await dispatchedWhen(charge);
    });

    it.each<[string, () => Promise<Charge>]>([
      ['a pending order', () => till.open()],
      ['an order that was sold out', () => soldOut()],
      [
        'an order that was cancelled before its payment',
        () => till.open().then((charge) => cancel(charge).then(() => charge)),
      ],
    ])('refuses %s with 409 order_not_refundable, and does not change it', async (_what, order) => {
      const charge = await order();
      const before = await till.shopper.order(charge.orderId);
      expect(outcome(await refund(charge))).toEqual([409, 'order_not_refundable']);
      expect(await till.shopper.order(charge.orderId)).toEqual(before);
    });

    it.each<[string, object | null, string | null, number, string]>([
      ['no key', {}, null, 400, 'invalid_idempotency_key'],
      ['an odd key', {}, 'two words', 400, 'invalid_idempotency_key'],
      ['an amount of 0', { amount_minor: 0 }, 'k', 422, 'invalid_refund'],
      ['a fraction', { amount_minor: 1.5 }, 'k', 422, 'invalid_refund'],
      ['another currency', { amount_minor: 1, currency: 'EUR' }, 'k', 422, 'invalid_refund'],
      ['an odd refund to replace', { replaces: 'r' }, 'k', 422, 'invalid_refund'],
      ['the replacement of an unknown refund', { replaces: unknownRefund }, 'k', 409, 'refund_not_settleable'],
      ['a control character', { reason: 'a\u0000b' }, 'k', 422, 'invalid_refund'],
    ])('refuses %s', async (_what, body, key, status, code) => {
      expect(outcome(await refund(dispatched, body ?? {}, key))).toEqual([status, code]);
      const unknown = { ...dispatched, orderId: `ord_${'0'.repeat(32)}` };
      expect(outcome(await refund(unknown))).toEqual([404, 'order_unknown']);
      expect(outcome(await refund({ ...dispatched, orderId: 'nonsense' }))).toEqual([404, 'order_unknown']);
    });
  });

  describe('the payment page', () => {
    it('sends few of many concurrent requests to the run, because a run accepts at most 2,000 Updates', async () => {
      const charge = await till.open();
      const asked = await Promise.all(Array.from({ length: 60 }, () => page(charge)));
      expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 200));
      const cancelled = await Promise.all(Array.from({ length: 60 }, () => cancel(charge)));
      expect(cancelled.map(({ status }) => status)).toEqual(cancelled.map(() => 200));
      const { events } = await store.workflows.getHandle(checkoutWorkflowId(charge.key)).fetchHistory();
      const updates = (events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes);
      expect(updates.length).toBeLessThan(20);
    });

    it('of a pending order is the same page for every request', async () => {
      const charge = await till.open();
      const answers = await Promise.all([page(charge), page(charge), page(charge)]);
      const url = `${store.gatewayUrl}/pay/${charge.paymentId}`;
      const expected = { order_id: charge.orderId, status: 'PENDING', payment_url: url };
      expect(answers.map(pageIn)).toEqual(answers.map(() => expected));
      expect(answers[0]?.headers.get('Cache-Control')).toBe('no-store');
      expect(await (await fetch(url)).text()).toContain('99.99');
    });

    it('is refused with a 422 that is not retryable if the payment has another amount at the gateway', async () => {
      const paymentId = await till.shopper.reserve();
      const other = { amountMinor: 1, currency: 'USD', items: [], shippingCountries: null };
      const expiresAt = new Date().toISOString();
      await till.gateway.createPayment({ paymentId, returnUrl: store.apiUrl, expiresAt, ...other });
      const answer = await post(`/payment/${paymentId}/page`);
      expect(outcome(answer)).toEqual([422, 'payment_refused']);
      expect(problemOf(answer).retryable).toBe(false);
      const worker = await scrape(store.workerUrl);
      const rejections = worker.samples.filter(({ name }) => name === 'widget_store_step_rejections_total');
      expect(rejections.filter(({ value }) => value > 0)).toMatchObject([
        { labels: { type: 'GatewayRefused' }, value: 1 },
      ]);
      expect(store.lines.filter((line) => line.includes('"code":"payment_refused"'))).toHaveLength(1);
      await post(`/order/${await store.orderIdOf(paymentId)}/cancel`);
    });

    it.each<[string, () => Promise<Charge>]>([
      ['paid', () => paid()],
      ['cancelled', () => till.open().then((charge) => cancel(charge).then(() => charge))],
      ['declined', () => till.open().then((charge) => till.tell(charge, 'failed').then(() => charge))],
    ])('is null for an order that is %s', async (_how, order) => {
      const charge = await order();
      const answer = await page(charge);
      expect([answer.status, pageIn(answer).payment_url]).toEqual([200, null]);
      expect(pageIn(answer).status).not.toBe('PENDING');
    });
  });

  describe('while the gateway is down', () => {
    afterEach(() => store.processes.gateway.start());

    it('a request for the page gets 503 with Retry-After, and succeeds later', async () => {
      const paymentId = await till.shopper.reserve();
      const path = `/payment/${paymentId}/page`;
      await store.processes.gateway.stop();
      const answer = await post(path);
      expect(outcome(answer)).toEqual([503, 'gateway_unavailable']);
      expect(problemOf(answer).retryable).toBe(true);
      expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);

      store.processes.gateway.start();
      const later = await eventually(
        () => post(path),
        ({ status }) => status === 200,
      );
      expect(pageIn(later).payment_url).toContain(paymentId);
    });

    it('a cancelled order has the payment status refunding, and is refunded when the gateway is up again', async () => {
      const charge = await paid();
      await store.processes.gateway.stop();
      const answer = await cancel(charge);
      expect([answer.status, orderIn(answer).payment_status]).toEqual([200, 'refunding']);

      store.processes.gateway.start();
      expect((await refundedWhen(charge)).refunded_minor).toBe(9999);
      expect(await till.gateway.refunds(charge.paymentId)).toBe(1);
    });
  });

  it('leaves money and stock exact', () => till.expectExact());
});

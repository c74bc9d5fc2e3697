import type { OpsOrderBody, OrderBody, OrderCountsBody, OrderReportBody } from '@widget-store/api';
import { freePorts } from '@widget-store/dev';
import { eventually } from '../support/eventually';
import { type Charge, openTill, type Till } from '../support/gateway/charges';
import { type Answer, bearer, json, newKey, problemOf } from '../support/http/shopper';
import { newOrderId } from '../support/orderIds';
import { playRounds, untilMoment } from '../support/rounds';
import { setAvailable, stockOf } from '../support/store/database';
import { startTestStore, type TestStore } from '../support/store/store';
import { recordTicks, ticksOf, wholeDispatch } from '../support/store/ticks';
import { runEnds } from '../support/temporal/runEnds';

const parcel = { carrier: 'DHL', tracking_url: 'https://carrier.example/parcels/1' };

/**
 * Manual fulfilment over HTTP. The store begins with demo fulfilment and collects addresses. Both settings change while
 * an order is open.
 */
describe('POST /order/{order_id}/ship', () => {
  let store: TestStore;
  let till: Till;
  let demo: Charge;

  beforeAll(async () => {
    const extraEnvironment = { worker: { COLLECT_ADDRESS: 'GB' } };
    store = await startTestStore({ demo: false, worker: { tickMs: 300 }, extraEnvironment });
    await recordTicks(store.sql);
    till = await openTill(store);
    await setAvailable(store.store, 1000);
    const key = newKey();
    await till.shopper.reserve(key);
    await store.processes.worker.stop();
    const { worker: port } = await freePorts('worker');
    const changed = { FULFILMENT: 'manual', COLLECT_ADDRESS: 'none', TEST_TICK_MS: '300' };
    await store.startReplica('worker', { name: 'manual worker', port, extraEnvironment: changed });
    demo = await till.open(key);
  });
  afterAll(() => store.close());

  const orderIn = ({ text }: Answer) => JSON.parse(text) as OrderBody;
  const outcome = (answer: Answer) => [answer.status, problemOf(answer).code];
  const cancel = ({ orderId }: Charge) => till.shopper.send('POST', `/order/${orderId}/cancel`);
  const operate = async <Body>(path: string): Promise<Body> =>
    JSON.parse((await till.shopper.send('GET', path, { headers: bearer(store.adminToken) })).text) as Body;
  const toShip = async (): Promise<string[]> =>
    (await operate<OpsOrderBody[]>('/ops/orders?to_ship=true')).map((order) => order.order_id);

  async function ready(): Promise<Charge> {
    const charge = await till.charge();
    await till.tell(charge, 'paid');
    await eventually(toShip, (orderIds) => orderIds.includes(charge.orderId));
    return charge;
  }

  /** Makes an order that is ready to ship, and its payment at the gateway, without a checkout run. */
  async function readyInPostgres(): Promise<Charge> {
    const key = newKey();
    const request = { idempotencyKey: key, orderId: newOrderId(), fingerprint: 'f', requestId: 'r' };
    const cart = { lines: [{ productId: 1, quantity: 1 }], paymentWindowMs: 60_000 };
    const { orderId, paymentId } = await store.store.placeOrder({ ...request, ...cart, fulfilment: 'manual' });
    const charge = { key, orderId, paymentId: String(paymentId) };
    await till.pay(charge);
    await store.store.markOrderPaid({ orderId });
    await store.store.markReadyToShip({ orderId });
    return charge;
  }

  it('ships an order once: a repeated request gets the same answer, and another parcel gets 409', async () => {
    const charge = await ready();
    const waiting = { status: 'PAID', fulfilment: 'manual', progress_remaining: 10, shipped_at: null };
    const none = { carrier: null, tracking_url: null, ship_to: null };
    expect(await till.shopper.order(charge.orderId)).toMatchObject({ ...waiting, ...none });
    const answer = await till.ship(charge, parcel);
    expect(answer.status).toBe(200);
    const shipped = { status: 'DISPATCHED', order_status: 1, progress_remaining: 0, payment_status: 'paid', ...parcel };
    expect(orderIn(answer)).toMatchObject({ ...shipped, shipped_at: expect.stringMatching(/Z$/) as string });
    expect((await till.ship(charge, parcel)).text).toBe(answer.text);
    expect(outcome(await till.ship(charge))).toEqual([409, 'order_dispatched']);
    expect(outcome(await cancel(charge))).toEqual([409, 'order_dispatched']);
    expect(await till.shopper.order(charge.orderId)).toEqual(orderIn(answer));
    expect(await ticksOf(store.sql, charge.orderId)).toEqual([10, 0]);
    expect(await runEnds(store.workflows, charge)).toEqual(['COMPLETED', 'COMPLETED']);
  });

  it('corrects the shipment of a shipped order, records who did it, and changes nothing else', async () => {
    const charge = await readyInPostgres();
    expect(outcome(await till.correctShipment(charge, parcel))).toEqual([409, 'order_not_shipped']);
    const shipped = orderIn(await till.ship(charge, { ...parcel, carrier: 'DLH' }));
    expect(outcome(await till.correctShipment(charge, { tracking_url: 'http://a.example' }))[1]).toBe(
      'invalid_shipment',
    );
    const report = () =>
      till.shopper.send('GET', `/ops/orders/${charge.orderId}`, { headers: bearer(store.adminToken) });
    const version = (await report()).headers.get('ETag') ?? '';
    const answer = await till.correctShipment(charge, parcel, version);
    expect(answer.headers.get('ETag')).toBe((await report()).headers.get('ETag'));
    expect(outcome(await till.correctShipment(charge, {}, version))).toEqual([412, 'order_changed']);
    const { last_update_time } = orderIn(answer);
    expect(orderIn(answer)).toEqual({ ...shipped, ...parcel, last_update_time });
    expect((await till.correctShipment(charge, parcel, version)).text).toBe(answer.text);
    const { timeline } = await operate<OrderReportBody>(`/ops/orders/${charge.orderId}`);
    const link = parcel.tracking_url;
    expect(timeline.filter(({ detail }) => detail?.endsWith(link))).toMatchObject([
      { title: 'Order paid → shipped', detail: `DLH ${link}` },
      { title: 'Shipment corrected', detail: `DHL ${link}`, operator: 'operator' },
    ]);
    expect(outcome(await till.correctShipment({ orderId: `ord_${'0'.repeat(32)}` }, parcel))[1]).toBe('order_unknown');
  });

  it('refuses an order that was placed with demo fulfilment; the order keeps its ticks and its address', async () => {
    expect(outcome(await till.ship(demo))).toEqual([409, 'order_not_shippable']);
    await till.pay(demo);
    await till.tell(demo, 'paid');
    await eventually(
      () => till.shopper.order(demo.orderId),
      ({ status }) => status === 'DISPATCHED',
    );
    expect(await ticksOf(store.sql, demo.orderId)).toEqual(wholeDispatch);
    expect(outcome(await till.ship(demo))).toEqual([409, 'order_not_shippable']);
    const none = { fulfilment: 'demo', shipped_at: null, carrier: null, tracking_url: null };
    const collected = { ship_to: { address: { country: 'GB' } } };
    expect(await till.shopper.order(demo.orderId)).toMatchObject({ ...none, ...collected });
  });

  it('refuses an order that is not paid, and one that was cancelled and is refunded', async () => {
    const open = await till.open();
    expect(outcome(await till.ship(open))).toEqual([409, 'order_not_shippable']);
    const charge = await ready();
    expect(orderIn(await cancel(charge)).status).toBe('CANCELLED');
    expect(outcome(await till.ship(charge))).toEqual([409, 'order_not_shippable']);
    await eventually(
      () => till.shopper.order(charge.orderId),
      ({ payment_status }) => payment_status === 'refunded',
    );
    expect(await till.gateway.keptMinor(charge.paymentId)).toBe(0);
  });

  it('lets only operators cancel an order if all its pieces are back in stock and a part of the money is kept', async () => {
    const charge = await readyInPostgres();
    await till.refund(charge, { amount_minor: 1, restock: [{ product_id: 1, quantity: 1 }] });
    expect(outcome(await till.ship(charge))).toEqual([409, 'order_not_shippable']);
    expect(outcome(await cancel(charge))).toEqual([409, 'order_not_cancellable']);
    const headers = bearer(store.adminToken);
    const answer = await till.shopper.send('POST', `/ops/orders/${charge.orderId}/cancel`, { headers });
    expect(orderIn(answer).status).toBe('CANCELLED');
    await eventually(
      () => till.gateway.keptMinor(charge.paymentId),
      (keptMinor) => keptMinor === 0,
    );
  });

  it.each<[string, object]>([
    ['http', { tracking_url: 'http://carrier.example/1' }],
    ['a script', { tracking_url: 'javascript:alert(1)' }],
    ['a user name in the link', { tracking_url: 'https://shop@carrier.example/1' }],
    ['a link with a space', { tracking_url: 'https://carrier.example/1 2' }],
    ['a link that is no address', { tracking_url: 'https://' }],
    ['a long link', { tracking_url: `https://carrier.example/${'1'.repeat(2000)}` }],
    ['a long carrier', { carrier: 'x'.repeat(101) }],
    ['a blank carrier', { carrier: ' ' }],
    ['a control character', { carrier: 'DHL\nx' }],
    ['an unknown field', { weight: 1 }],
  ])('refuses %s with 422 invalid_shipment', async (_what, body) => {
    expect(outcome(await till.ship({ orderId: demo.orderId }, body))).toEqual([422, 'invalid_shipment']);
  });

  it('needs the admin token, and returns the same 404 for an unknown and a malformed id', async () => {
    const send = (orderId: string, headers: Record<string, string>) =>
      till.shopper.send('POST', `/order/${orderId}/ship`, { headers: { ...json, ...headers } });
    expect(outcome(await send(demo.orderId, {}))).toEqual([401, 'admin_token_missing']);
    expect(outcome(await send(demo.orderId, bearer('wrong')))).toEqual([403, 'admin_token_wrong']);
    for (const orderId of [`ord_${'0'.repeat(32)}`, 'nonsense', '%00']) {
      expect(outcome(await send(orderId, bearer(store.adminToken)))).toEqual([404, 'order_unknown']);
    }
  });

  describe('of an order whose pieces came back without a refund', () => {
    const one = { items: [{ product_id: 1, quantity: 1 }], reason: 'Undelivered' };
    const giveBack = (orderId: string, body: object, key: string | null = newKey()) => {
      const headers = { ...json, ...bearer(store.adminToken), ...(key !== null && { 'Idempotency-Key': key }) };
      return till.shopper.send('POST', `/order/${orderId}/returns`, { headers, body: JSON.stringify(body) });
    };

    it('books them in once, and the timeline says who did it and why', async () => {
      const charge = await readyInPostgres();
      const { orderId } = charge;
      await till.ship(charge);
      await till.refund(charge, {});
      const { inventory } = await stockOf(store.sql);
      const key = newKey();
      const answer = await giveBack(orderId, one, key);
      expect([answer.status, orderIn(answer).items[0]?.returned]).toEqual([200, 1]);
      expect((await giveBack(orderId, one, key)).headers.get('Idempotent-Replayed')).toBe('true');
      expect(outcome(await giveBack(orderId, { items: one.items }, key))).toEqual([422, 'idempotency_key_reused']);
      expect(outcome(await giveBack(orderId, one))).toEqual([422, 'restock_exceeds_sold']);
      expect((await stockOf(store.sql)).inventory).toBe(inventory + 1);
      const { order, timeline } = await operate<OrderReportBody>(`/ops/orders/${orderId}`);
      expect(order).toMatchObject({ status: 'DISPATCHED', refunds: [{ amount_minor: 9999 }] });
      const booked = { title: 'Returned: 1 × Premium Quality Widget', detail: 'Undelivered', operator: 'operator' };
      expect(timeline.filter(({ title }) => title.startsWith('Returned'))).toMatchObject([booked]);
    });

    it.each<[string, object, string | null, number, string]>([
      ['no key', one, null, 400, 'invalid_idempotency_key'],
      ['no items', { items: [] }, 'k', 422, 'invalid_return'],
      ['an amount', { ...one, amount_minor: 1 }, 'k', 422, 'invalid_return'],
      ['a control character', { ...one, reason: 'a\u0000b' }, 'k', 422, 'invalid_return'],
      ['another product', { items: [{ product_id: 2, quantity: 1 }] }, 'k', 422, 'restock_exceeds_sold'],
    ])('refuses %s', async (_what, body, key, status, code) => {
      expect(outcome(await giveBack(demo.orderId, body, key))).toEqual([status, code]);
      expect(outcome(await giveBack(`ord_${'0'.repeat(32)}`, one))).toEqual([404, 'order_unknown']);
    });
  });

  it('removes the order from the list of orders to ship; this list begins with the oldest order', async () => {
    const [first, second] = [await ready(), await ready()];
    const listed = await toShip();
    expect(listed.slice(-2)).toEqual([first.orderId, second.orderId]);
    expect(await operate<OrderCountsBody>('/ops/summary')).toMatchObject({ to_ship: listed.length });
    await till.ship(first);
    expect(await toShip()).toEqual(listed.filter((orderId) => orderId !== first.orderId));
  });

  it('wins or loses against a cancellation in each of 50 rounds; at the end, money and stock are right', async () => {
    const rounds = 50;
    const first = await ready();
    const cancelledAtMs = Date.now();
    await till.cancel(first);
    const cancellationMs = Date.now() - cancelledAtMs;
    const charges = await playRounds({ rounds, atOnce: 10 }, readyInPostgres);
    const winners = await playRounds({ rounds, atOnce: 20 }, async (round) => {
      const charge = charges[round] ?? first;
      const cancelling = till.cancel(charge);
      // A shipment takes less time than a cancellation. So each round starts its shipment at a different moment during
      // or after the cancellation.
      await untilMoment(Date.now() + (2 * cancellationMs * round) / rounds);
      const [shipped, cancelled] = await Promise.all([till.ship(charge, parcel), cancelling]);
      const { status } = await till.shopper.order(charge.orderId);
      expect([shipped.status, cancelled.status, status]).toEqual(
        shipped.status === 200 ? [200, 409, 'DISPATCHED'] : [409, 200, 'CANCELLED'],
      );
      return status;
    });
    expect(new Set(winners)).toEqual(new Set(['DISPATCHED', 'CANCELLED']));
    await till.expectExact();
  });
});

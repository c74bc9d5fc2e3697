import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createTestDatabase,
  eventually,
  type EventReceiver,
  newOrderId,
  setAvailable,
  startEventReceiver,
  type TestDatabase,
} from '@widget-store/tests';
import { createEventPoster } from './post';
import { sendEvents } from './sender';

const noLog = { info: () => {}, debug: () => {}, warn: () => {}, error: () => {} };
const urlDigest = 'digest';
const capturedMinor = 9999;

describe('the outgoing events', () => {
  let database: TestDatabase;
  let receiver: EventReceiver;
  let stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    receiver = await startEventReceiver();
    await setAvailable(database.store, 100);
    await database.store.renewEventReceiver({ urlDigest });
  });
  afterEach(async () => {
    await Promise.all(stops.map((stop) => stop()));
    stops = [];
    await receiver.close();
    await database.sql`truncate outgoing_events, event_receivers`;
  });

  function startSender({ store = database.store, to = receiver, digest = urlDigest, deadlineMs = 10_000 } = {}): void {
    const stop = new AbortController();
    const address = { url: to.url, secret: to.secret, allowLoopback: true, privateHosts: [] };
    const poster = createEventPoster(address, { maxConnections: 20, deadlineMs });
    const onAttempt = (): void => {};
    const settings = { store, poster, urlDigest: digest, log: noLog, onAttempt, stop: stop.signal, pollMs: 20 };
    const ended = sendEvents(settings);
    stops.push(() => {
      stop.abort();
      return ended;
    });
  }

  async function place(): Promise<string> {
    const orderId = newOrderId();
    const request = {
      fingerprint: 'f',
      requestId: 'r',
      paymentWindowMs: 60_000,
      lines: [{ productId: 1, quantity: 1 }],
    };
    await database.store.placeOrder({ ...request, idempotencyKey: orderId, orderId });
    return orderId;
  }
  async function pay(orderId: string): Promise<void> {
    await database.store.markOrderPaid({ orderId, paymentEventId: 'evt_1' });
  }
  async function dispatch(orderId: string): Promise<void> {
    for (let from = 10; from > 0; from -= 1) await database.store.tickDispatch({ orderId, from });
  }
  async function sell(): Promise<string> {
    const orderId = await place();
    await pay(orderId);
    await dispatch(orderId);
    return orderId;
  }
  const rows = () => database.sql`select * from outgoing_events order by sequence`;
  const untilEmpty = () => eventually(rows, (left) => left.length === 0);
  const typesOf = (orderId: string): string[] =>
    receiver
      .accepted()
      .filter(({ data }) => data.order_id === orderId)
      .map(({ type }) => type);
  const makeDue = () => database.sql`update outgoing_events set due_at = now() where failed_at is null`;
  const wholeStory = ['order.placed', 'order.paid', 'order.shipped'];

  it('report each change of an order in sequence, are signed, and contain ids, statuses and amounts', async () => {
    startSender();
    const orderId = await sell();
    await untilEmpty();
    expect(typesOf(orderId)).toEqual(wholeStory);
    expect(receiver.forged).toBe(0);
    const [placed] = receiver.received;
    expect(placed).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/) as string,
      type: 'order.placed',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      status: 200,
      data: {
        order_id: orderId,
        version: 1,
        status: 'PENDING',
        payment_status: 'pending',
        cancel_reason: null,
        currency: 'USD',
        total_minor: 9999,
        adjustments: [],
        captured_minor: 0,
        refunded_minor: 0,
      },
    });
  });

  it('report cancellations, refunds and disputes', async () => {
    startSender();
    await setAvailable(database.store, 1);
    const paid = await place();
    const soldOut = await place();
    await pay(paid);
    await database.store.cancelPaidOrder({ orderId: paid });
    const createdAt = new Date().toISOString();
    const refund = { refundId: paid.replace('ord', 'ref'), createdAt };
    const record = (ledger: object) =>
      database.store.recordLedger({ orderId: paid, payment: { capturedMinor, refunds: [], disputes: [], ...ledger } });
    const failed = { ...refund, gatewayRefundId: 're_1', amountMinor: capturedMinor, status: 'failed' };
    await record({ refunds: [failed] });
    await record({ refunds: [failed, { ...failed, gatewayRefundId: 're_2', amountMinor: 5000, status: 'succeeded' }] });
    const dispute = { gatewayDisputeId: 'dp_1', amountMinor: 4999, status: 'open', reason: 'fraudulent', createdAt };
    await record({ disputes: [dispute] });
    await record({ disputes: [{ ...dispute, status: 'lost' }] });
    await untilEmpty();

    expect(typesOf(soldOut)).toEqual(['order.cancelled']);
    expect(typesOf(paid)).toEqual([
      'order.placed',
      'order.paid',
      'order.cancelled',
      'order.refund_failed',
      'order.refunded',
      'order.disputed',
      'order.disputed',
    ]);
    const details = receiver.accepted().map(({ data }) => data['refund'] ?? data['dispute']);
    expect(details.filter((detail) => detail !== undefined)).toEqual([
      { refund_id: refund.refundId, amount_minor: capturedMinor, status: 'failed', source: 'cancellation' },
      { refund_id: refund.refundId, amount_minor: 5000, status: 'succeeded', source: 'cancellation' },
      { dispute_id: expect.any(String) as string, amount_minor: 4999, status: 'open' },
      { dispute_id: expect.any(String) as string, amount_minor: 4999, status: 'lost' },
    ]);
  });

  it('are not recorded without a receiver, or three days after the receiver was last seen', async () => {
    await database.sql`update event_receivers set seen_at = now() - interval '73 hours'`;
    await sell();
    await database.sql`truncate event_receivers`;
    await sell();
    expect(await rows()).toEqual([]);
  });

  it('wait for the earlier event of their order, and keep their id and content', async () => {
    receiver.answer = ({ type }) => ({ status: type === 'order.placed' ? 500 : 200 });
    startSender();
    const refused = await sell();
    await eventually(rows, (left) => left.length === 3 && left[0]?.['last_result'] === 'status 500');
    // On a slow machine, the refused event would be sent again while the test sells the other order.
    await database.sql`update outgoing_events set due_at = now() + interval '1 hour'`;
    receiver.answer = () => ({ status: 200 });
    const accepted = await sell();
    await eventually(
      () => typesOf(accepted),
      (types) => types.length === 3,
    );
    expect(typesOf(refused)).toEqual([]);
    await makeDue();
    await untilEmpty();
    expect(typesOf(refused)).toEqual(wholeStory);
    const copies = receiver.received.filter(({ type, data }) => type === 'order.placed' && data.order_id === refused);
    expect(copies.map(({ status }) => status)).toEqual([500, 200]);
    expect(copies[1]).toEqual({ ...copies[0], status: 200 });
  });

  it('do not follow a redirect of the receiver', async () => {
    let requests = 0;
    const elsewhere = createServer((_request, response) => {
      requests += 1;
      response.end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    receiver.answer = () => ({ status: 307, headers: { location: `http://127.0.0.1:${port}/` } });
    startSender();
    await place();
    await eventually(rows, (left) => left[0]?.['last_result'] === 'status 307');
    await new Promise((resolve) => elsewhere.close(resolve));
    expect(requests).toBe(0);
  });

  it('do not wait for attempts that hang or that are answered with megabytes', async () => {
    const [hangs, floods] = [await place(), await place()];
    receiver.answer = ({ data: { order_id: orderId } }) =>
      orderId === hangs ? { status: null } : { status: 200, body: 'x'.repeat(2_000_000) };
    startSender({ deadlineMs: 500 });
    await eventually(rows, (left) => left.length === 1 && left[0]?.['last_result'] === 'no answer in 500 ms');
    expect(typesOf(floods)).toEqual(['order.placed']);
  });

  it('stop after a 410 until an operator redelivers the event; orders continue meanwhile', async () => {
    receiver.answer = () => ({ status: 410 });
    startSender();
    const orderId = await place();
    const [item] = await eventually(
      () => database.store.listAttention({ limit: 10 }),
      (items) => items.some(({ kind }) => kind === 'event_failed'),
    );
    expect(item).toMatchObject({ orderId, event: { type: 'order.placed', attempts: 1, lastResult: 'status 410' } });
    const later = await sell();
    receiver.answer = () => ({ status: 200 });
    await database.store.renewEventReceiver({ urlDigest });
    expect(await database.store.claimEvents({ urlDigest, limit: 10, leaseMs: 1 })).toEqual({
      events: [],
      isFull: false,
    });
    const eventId = item?.event?.eventId ?? '';
    await database.store.redeliverEvent({ eventId, operator: 'anna' });
    await untilEmpty();
    expect(typesOf(orderId)).toEqual(['order.placed']);
    expect(typesOf(later)).toEqual(wholeStory);
    expect(await database.store.redeliverEvent({ eventId, operator: 'anna' })).toBeUndefined();
  });

  it('go to the newest receiver while the workers of an old one still run', async () => {
    const old = await startEventReceiver();
    old.answer = () => ({ status: 410 });
    await database.sql`update event_receivers set url_digest = 'old'`;
    startSender({ to: old, digest: 'old' });
    await place();
    await eventually(rows, ([first]) => first?.['last_result'] === 'status 410');
    await database.store.renewEventReceiver({ urlDigest });
    await database.store.renewEventReceiver({ urlDigest: 'old' });
    startSender();
    const orderId = await sell();
    await eventually(rows, (left) => left.length === 1);
    expect(typesOf(orderId)).toEqual(wholeStory);
    expect(old.received).toHaveLength(1);
    await old.close();
  });

  it('fail three days after the first attempt, and later events of the order wait for an operator', async () => {
    receiver.answer = () => ({ status: 503 });
    startSender();
    const orderId = await sell();
    await eventually(rows, ([first]) => first?.['last_result'] === 'status 503');
    await database.sql`
      update outgoing_events set first_attempt_at = now() - interval '71 hours', due_at = now() where attempts > 0`;
    await eventually(rows, ([first]) => first?.['attempts'] === 2);
    expect(await database.store.listAttention({ limit: 10 })).toEqual([]);
    await database.sql`
      update outgoing_events set first_attempt_at = now() - interval '73 hours', due_at = now() where attempts > 0`;
    const [item] = await eventually(
      () => database.store.listAttention({ limit: 10 }),
      (items) => items.length > 0,
    );
    expect(item).toMatchObject({ kind: 'event_failed', orderId, amountMinor: 9999, event: { type: 'order.placed' } });
    receiver.answer = () => ({ status: 200 });
    await makeDue();
    await sell().then((other) =>
      eventually(
        () => typesOf(other),
        (types) => types.length === 3,
      ),
    );
    expect(typesOf(orderId)).toEqual([]);
    await database.store.redeliverEvent({ eventId: item?.event?.eventId ?? '', operator: 'anna' });
    await untilEmptyAfter(makeDue);
    expect(typesOf(orderId)).toEqual(wholeStory);
  });

  it('are sent again, with the same id, if a process ends before it records the delivery', async () => {
    const ended = new Promise<string[]>((resolve) => stops.push(async () => resolve([])));
    startSender({ store: { ...database.store, settleEvents: () => ended } });
    const orderId = await sell();
    await eventually(
      () => typesOf(orderId),
      (types) => types.length > 0,
    );
    startSender();
    await makeDue();
    await untilEmptyAfter(makeDue);
    expect(typesOf(orderId)).toEqual(wholeStory);
    const copies = receiver.received.filter(({ type }) => type === 'order.placed');
    expect(new Set(copies.map(({ id }) => id)).size).toBe(1);
    expect(copies.length).toBeGreaterThanOrEqual(2);
  });

  it('arrive once and in order when several processes send them', async () => {
    let calls = 0;
    receiver.answer = () => ({ status: ++calls % 5 === 0 ? 500 : 200 });
    for (let index = 0; index < 3; index += 1) startSender();
    const orderIds = await Promise.all(Array.from({ length: 30 }, sell));
    await untilEmptyAfter(makeDueUnlessLeased);
    for (const orderId of orderIds) expect(typesOf(orderId)).toEqual(wholeStory);
    expect(receiver.received.filter(({ status }) => status === 200)).toHaveLength(90);
  });

  /** Ends the waits after refusals, but not the leases of running attempts. */
  const makeDueUnlessLeased = () =>
    database.sql`update outgoing_events set due_at = now() where due_at < now() + interval '10 seconds'`;
  const untilEmptyAfter = (hurry: () => Promise<unknown>) =>
    eventually(
      async () => {
        await hurry();
        return rows();
      },
      (left) => left.length === 0,
    );
});

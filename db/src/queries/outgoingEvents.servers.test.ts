import { createTestDatabase, newOrderId, setAvailable, type TestDatabase } from '@widget-store/tests';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { type ClaimedEvent, type EventResult, settleEvents } from './outgoingEvents';

const urlDigest = 'digest';

describe('outgoing events', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await setAvailable(database.store, 100);
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.sql`truncate outgoing_events, event_receivers`;
    await database.store.renewEventReceiver({ urlDigest });
  });

  async function place(): Promise<string> {
    const orderId = newOrderId();
    const lines = [{ productId: 1, quantity: 1 }];
    const request = { fingerprint: 'f', requestId: 'r', paymentWindowMs: 60_000, lines };
    await database.store.placeOrder({ ...request, idempotencyKey: orderId, orderId });
    return orderId;
  }
  const rows = () => database.sql`select * from outgoing_events order by sequence`;
  /** Claims an event with a lease of 0 ms, so that the next call claims the same event. */
  const claim = async (digest = urlDigest): Promise<ClaimedEvent | undefined> => {
    const { events } = await database.store.claimEvents({ urlDigest: digest, limit: 1, leaseMs: 0 });
    return events[0];
  };
  const settle = async (event: ClaimedEvent | undefined, outcome: EventResult['outcome'], digest = urlDigest) => {
    if (event === undefined) throw new Error('no event was claimed');
    const results = [{ ...event, outcome, result: outcome, retryMs: 0 }];
    return database.store.settleEvents({ urlDigest: digest, results });
  };

  it('go to the newest receiver in use, and an old worker cannot stop that', async () => {
    await place();
    const late = await claim();
    await database.store.renewEventReceiver({ urlDigest: 'newer' });
    await database.store.renewEventReceiver({ urlDigest });
    expect(await claim()).toBeUndefined();
    expect(await settle(late, 'gone')).toEqual([]);
    expect(await claim('newer')).toMatchObject({ attempts: 2 });
  });

  it('go to an earlier receiver again when no worker uses the newer one, even if the earlier one was gone', async () => {
    await place();
    expect(await settle(await claim(), 'gone')).toHaveLength(1);
    await database.sql`update event_receivers set seen_at = now() - interval '1 day'`;
    await database.store.renewEventReceiver({ urlDigest: 'newer' });
    await place();
    await database.store.renewEventReceiver({ urlDigest });
    expect(await claim()).toBeUndefined();
    await database.sql`update event_receivers set seen_at = now() - interval '6 minutes' where url_digest = 'newer'`;
    expect(await claim()).toMatchObject({ attempts: 1 });
  });

  it('do not fail because of a late answer to an earlier attempt', async () => {
    await place();
    const early = await claim();
    const late = await claim();
    expect(await settle(early, 'gone')).toEqual([]);
    expect(await claim()).toMatchObject({ attempts: 3 });
    expect(await settle(late, 'delivered')).toEqual([]);
    expect(await rows()).toEqual([]);
    await place();
    const first = await claim();
    const failed = await settle(first, 'gone');
    expect(failed).toEqual([first?.eventId]);
    await database.store.redeliverEvent({ eventId: first?.eventId ?? '', operator: 'anna' });
    expect(await settle(first, 'gone')).toEqual([]);
    const second = await claim();
    expect(await settle(first, 'gone')).toEqual([]);
    expect(await settle(second, 'delivered')).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  it('wait an hour if the first event of their order has failed', async () => {
    await place();
    const first = await claim();
    await settle(first, 'gone');
    await database.sql`update event_receivers set gone_at = null`;
    await database.sql`
      insert into outgoing_events (event_id, order_id, type, data, due_at)
      select 'later', order_id, type, data, now() from outgoing_events`;
    expect(await claim()).toBeUndefined();
    const [later] = await database.sql`
      select due_at > now() + interval '50 minutes' as waits from outgoing_events where event_id = 'later'`;
    expect(later).toEqual({ waits: true });
  });

  it('are recorded for three days after a 410, and again after a redelivery', async () => {
    await place();
    const event = await claim();
    await settle(event, 'gone');
    await place();
    expect(await rows()).toHaveLength(2);
    await database.sql`update event_receivers set gone_at = now() - interval '73 hours'`;
    await database.store.renewEventReceiver({ urlDigest });
    await place();
    expect(await rows()).toHaveLength(2);
    await database.store.redeliverEvent({ eventId: event?.eventId ?? '', operator: 'anna' });
    await place();
    expect(await rows()).toHaveLength(3);
  });

  it('that have failed become due again, up to the limit in each call, until a call finds none', async () => {
    const orderIds = [await place(), await place(), await place()];
    await database.sql`
      update outgoing_events set failed_at = now(), due_at = null where order_id in ${database.sql(orderIds.slice(1))}`;
    await database.sql`update event_receivers set gone_at = now()`;
    const redeliver = () => database.store.redeliverEvents({ operator: 'anna', limit: 1 });
    expect([await redeliver(), await redeliver(), await redeliver()]).toEqual([1, 1, 0]);
    expect((await rows()).map(({ failed_at: failedAt }) => failedAt as unknown)).toEqual([null, null, null]);
    const { events } = await database.store.claimEvents({ urlDigest, limit: 10, leaseMs: 0 });
    expect(events.map(({ orderId }) => orderId).toSorted()).toEqual(orderIds.toSorted());
    const actions = await database.sql`select order_id, subject from operator_actions where kind = 'redeliver_event'`;
    const ofOrder = (orderId: string) => events.find((event) => event.orderId === orderId)?.eventId;
    for (const orderId of orderIds.slice(1)) {
      expect(actions).toContainEqual({ order_id: orderId, subject: ofOrder(orderId) });
    }
  });

  it('are deleted after their delivery, however Postgres joins the tables', async () => {
    const client = postgres(database.url, { max: 1 });
    const joins = ['enable_nestloop', 'enable_mergejoin', 'enable_hashjoin'];
    for (const join of joins) {
      await place();
      const event = await claim();
      for (const other of joins) await client`select set_config(${other}, ${String(other === join)}, false)`;
      const results = [{ eventId: '', attempts: 0, ...event, outcome: 'delivered', result: '', retryMs: 0 } as const];
      await settleEvents(drizzle(client), { urlDigest, results });
      expect(await rows()).toEqual([]);
    }
    await client.end();
  });

  it('are settled if one worker has two results of an event, as after a long pause of its process', async () => {
    await place();
    const [early, late] = [await claim(), await claim()];
    if (early === undefined || late === undefined) throw new Error('no event was claimed');
    const results: EventResult[] = [
      { ...early, outcome: 'delivered', result: '', retryMs: 0 },
      { ...late, outcome: 'refused', result: '', retryMs: 0 },
    ];
    await database.store.settleEvents({ urlDigest, results });
    expect(await rows()).toEqual([]);
  });

  it('can be claimed as soon as the previous event of the order is delivered, even if a worker has tried to claim them earlier', async () => {
    const orderId = await place();
    const { events: results } = await database.store.claimEvents({ urlDigest, limit: 1, leaseMs: 30_000 });
    await database.store.markOrderPaid({ orderId, paymentEventId: 'evt_1' });
    const client = postgres(database.url, { max: 1 });
    const db = drizzle(client);
    await db.transaction(async (transaction) => {
      const delivered = results.map((event) => ({ ...event, outcome: 'delivered' as const, result: '', retryMs: 0 }));
      await settleEvents(transaction, { urlDigest, results: delivered });
      expect(await claim()).toBeUndefined();
    });
    expect(await claim()).toMatchObject({ type: 'order.paid' });
    await client.end();
  });
});

import { freePorts } from '@widget-store/dev';
import type { OrderBody } from '@widget-store/api';
import { EventSource } from 'eventsource';
import { setAvailable } from '../support/store/database';
import { eventually } from '../support/eventually';
import { scrape } from '../support/http/scrape';
import { type Shopper, shopperOf } from '../support/http/shopper';
import { quickDispatches, startTestStore, type TestStore } from '../support/store/store';
import { testBuyer } from '../support/store/testBuyer';

interface Follower {
  /** All events that the follower has received, on all its connections. */
  events: { id: number; order: OrderBody }[];
  statuses: () => string[];
  close(): void;
}

/** Follows orders with an EventSource, which reconnects with `Last-Event-ID` as a browser does. */
describe('GET /order/{order_id}/events', () => {
  let store: TestStore;
  let shopper: Shopper;
  let metricsUrl: string;
  const followers: Follower[] = [];

  beforeAll(async () => {
    const { metrics } = await freePorts('metrics');
    metricsUrl = `http://127.0.0.1:${metrics}`;
    const extraEnvironment = { api: { METRICS_PORT: String(metrics) } };
    store = await startTestStore({ ownServers: true, worker: quickDispatches, extraEnvironment });
    shopper = shopperOf(store.apiUrl);
  });
  afterAll(() => store.close());
  beforeEach(() => setAvailable(store.store, 100));
  afterEach(() => {
    for (const follower of followers.splice(0)) follower.close();
  });

  function follow(orderId: string): Follower {
    const source = new EventSource(`${store.apiUrl}/order/${orderId}/events`);
    const events: Follower['events'] = [];
    source.addEventListener('order', ({ lastEventId, data }) => {
      events.push({ id: Number(lastEventId), order: JSON.parse(String(data)) as OrderBody });
    });
    const follower = { events, statuses: () => events.map(({ order }) => order.status), close: () => source.close() };
    followers.push(follower);
    return follower;
  }

  async function reserve(): Promise<{ orderId: string; paymentId: string }> {
    const paymentId = await shopper.reserve();
    return { orderId: await store.orderIdOf(paymentId), paymentId };
  }

  const untilStatus = (follower: Follower, status: string) =>
    eventually(follower.statuses, (statuses) => statuses.at(-1) === status, { deadlineMs: 60_000 });

  /** Expects that event ids grow and that the progress never rises. */
  function expectInOrder({ events }: Follower): void {
    const ids = events.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    const progress = events.map(({ order }) => order.progress_remaining);
    expect(progress).toEqual(progress.toSorted((a, b) => b - a));
  }

  it('sends the current order and then every change, to several followers', async () => {
    const { orderId, paymentId } = await reserve();
    const [one, other] = [follow(orderId), follow(orderId)];
    await untilStatus(one, 'PENDING');
    await shopper.webhook(paymentId, 'paid');
    await Promise.all([untilStatus(one, 'DISPATCHED'), untilStatus(other, 'DISPATCHED')]);
    for (const follower of [one, other]) {
      expectInOrder(follower);
      const paid = follower.events.map(({ order }) => order).filter(({ status }) => status !== 'PENDING');
      const progress = paid.map((order) => order.progress_remaining);
      expect(progress).toEqual([...new Set(progress)]);
      expect(paid.at(-1)).toMatchObject({ status: 'DISPATCHED', progress_remaining: 0 });
    }
    // The ticks are far enough apart that the api sends an event for each.
    expect(new Set(one.events.map(({ order }) => order.progress_remaining)).size).toBe(11);
    expect(other.events.at(-1)).toEqual(one.events.at(-1));
  });

  it.each(['api', 'worker', 'postgres', 'temporal'] as const)('continues after a kill of %s', async (name) => {
    const { orderId, paymentId } = await reserve();
    const follower = follow(orderId);
    await untilStatus(follower, 'PENDING');
    await shopper.webhook(paymentId, 'paid');
    await untilStatus(follower, 'PAID');
    store.processes[name]?.kill('SIGKILL');
    await untilStatus(follower, 'DISPATCHED');
    expectInOrder(follower);
  });

  it('sends a change that was made while the api was down', async () => {
    const { orderId, paymentId } = await reserve();
    const follower = follow(orderId);
    await untilStatus(follower, 'PENDING');
    await store.processes.api.stop();
    await store.store.cancelOrder({ orderId, reason: 'cancelled' });
    store.processes.api.start();
    await untilStatus(follower, 'CANCELLED');
    expectInOrder(follower);
    expect(follower.events.at(-1)?.order.payment_id).toBe(paymentId);
  });

  it('sends the order without its buyer within two seconds after the buyer is erased, and logs only the order id', async () => {
    const { orderId, paymentId } = await reserve();
    await shopper.webhook(paymentId, 'paid');
    await store.store.recordBuyer({ orderId, ...testBuyer });
    const follower = follow(orderId);
    await untilStatus(follower, 'DISPATCHED');
    const last = () => follower.events.at(-1)?.order;
    expect(last()?.ship_to?.name).toBe(testBuyer.name);
    expect((await shopper.send('DELETE', `/ops/orders/${orderId}/buyer`)).status).toBe(200);
    await eventually(last, (order) => order?.ship_to === null, { deadlineMs: 2000 });
    expectInOrder(follower);
    const logged = () => store.lines.filter((line) => line.includes('a buyer was erased'));
    const lines = await eventually(logged, ({ length }) => length > 0);
    expect(lines).toEqual([expect.stringContaining(`"orderId":"${orderId}"`)]);
    expect(store.lines.join('\n')).not.toMatch(/canary/i);
  });

  it('continues with the event after the one that Last-Event-ID names', async () => {
    const { orderId, paymentId } = await reserve();
    await shopper.webhook(paymentId, 'failed');
    const follower = follow(orderId);
    await untilStatus(follower, 'CANCELLED');
    expect(follower.events).toHaveLength(1);
    const headers = { 'Last-Event-ID': String(follower.events[0]?.id), Accept: 'text/event-stream' };
    const abort = new AbortController();
    const { body } = await fetch(`${store.apiUrl}/order/${orderId}/events`, { headers, signal: abort.signal });
    const reader = body?.getReader();
    const nextChunk = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect(await nextChunk()).toBe('event: beat\ndata: {}\n\n');
    await store.sql`update orders set updated_at = now() where order_id = ${orderId}`;
    expect(await nextChunk()).toContain(`id: ${Number(follower.events[0]?.id) + 1}`);
    abort.abort();
  });

  it('sends the order if Last-Event-ID is unknown or newer than the row', async () => {
    const { orderId, paymentId } = await reserve();
    await shopper.webhook(paymentId, 'failed');
    const firstEvent = async (lastEventId: string): Promise<string> => {
      const abort = new AbortController();
      const headers = { 'Last-Event-ID': lastEventId };
      const { body } = await fetch(`${store.apiUrl}/order/${orderId}/events`, { headers, signal: abort.signal });
      const first = await body?.getReader().read();
      abort.abort();
      return new TextDecoder().decode(first?.value);
    };
    expect(await firstEvent('999999')).toContain('"status":"CANCELLED"');
    const [row] = await store.sql`select version from orders where order_id = ${orderId}`;
    expect(await firstEvent(String(Number(row?.['version']) + 1))).toContain('"status":"CANCELLED"');
    expect(await firstEvent(String(row?.['version']))).toBe('event: beat\ndata: {}\n\n');
  });

  it('opens no stream for HEAD, and closes streams of clients that disconnect', async () => {
    const { orderId } = await reserve();
    const url = `${store.apiUrl}/order/${orderId}/events`;
    const streams = async () => (await scrape(metricsUrl)).value('widget_store_event_streams_open');
    await eventually(streams, (open) => open === 0);
    const heads = await Promise.all(Array.from({ length: 20 }, () => fetch(url, { method: 'HEAD' })));
    expect(heads.map(({ status, headers }) => [status, headers.get('Content-Type')])).toEqual(
      heads.map(() => [200, 'text/event-stream']),
    );
    expect(await streams()).toBe(0);
    const follower = follow(orderId);
    await untilStatus(follower, 'PENDING');
    expect(await streams()).toBe(1);
    follower.close();
    await eventually(streams, (open) => open === 0);
  });

  it('returns 404 for unknown and malformed ids', async () => {
    for (const id of [`ord_${'0'.repeat(32)}`, 'nonsense']) {
      expect((await shopper.send('GET', `/order/${id}/events`)).status).toBe(404);
    }
  });

  it('an open stream does not delay the stop of the api', async () => {
    const { orderId } = await reserve();
    const follower = follow(orderId);
    await untilStatus(follower, 'PENDING');
    const stops = () => store.lines.filter((line) => line.startsWith('api') && line.includes('"stopped"')).length;
    const before = stops();
    // If the api waited for the open stream, it would stop only after 6 s, and would be killed before that.
    await store.processes.api.stop({ graceMs: 4000 });
    expect(stops()).toBe(before + 1);
    store.processes.api.start();
  });
});

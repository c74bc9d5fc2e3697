import { setMaxListeners } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts, repositoryRoot, type SupervisedProcess } from '@widget-store/dev';
import type { CheckoutBody } from '@widget-store/api';
import { seededRandom } from '../support/random';
import { checkoutCall, type Client, openClient } from '../support/clients/client';
import type { History, Operation } from '../support/clients/history';
import { type Balancer, startBalancer } from './balancer';
import { setAvailable } from '../support/store/database';
import { eventually } from '../support/eventually';
import { replaceProcess, untilReplaced } from '../support/servers/processes';
import { newKey, shopperOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';
import { recordTicks, ticksOf, wholeDispatch } from '../support/store/ticks';

/**
 * A busy machine still sustains this rate. On such a machine, a higher rate makes the api refuse checkouts (503
 * `overloaded`), so the test could not tell these refusals from refusals that the release causes.
 */
const checkoutsPerSecond = 2;
/** How many checkouts are done before each replacement. */
const checkoutsBetween = 5;
/** Enough time for the balancer to notice that an api is not ready, even on a busy machine. */
const noticeMs = 3000;
const lines = [{ productId: 1, quantity: 1 }];

interface Bought {
  key: string;
  status: 'paid' | 'failed';
  orderId: string;
  paymentId: string | null;
}

/**
 * The usual way to release a new version: the apis and the workers are replaced one after the other, while shoppers
 * buy. A load balancer distributes the requests among the apis.
 */
describe('a rolling release under load', () => {
  let store: TestStore;
  let apiUrls: string[];
  let processes: SupervisedProcess[];
  let balancer: Balancer;
  const operations: Operation[] = [];
  const bought: Bought[] = [];
  const over = new AbortController();

  beforeAll(async () => {
    // Every waiting client adds a listener to this signal. Node must not warn about the number of listeners.
    setMaxListeners(0, over.signal);
    const notice = { SHUTDOWN_NOTICE_MS: String(noticeMs) };
    store = await startTestStore({ extraEnvironment: { api: notice } });
    const ports = await freePorts('api', 'worker');
    const [api2, worker2] = await Promise.all([
      store.startReplica('api', { name: 'api-2', port: ports.api, extraEnvironment: notice }),
      store.startReplica('worker', { name: 'worker-2', port: ports.worker }),
    ]);
    const { api, worker } = store.processes;
    processes = [api, worker, api2, worker2];
    apiUrls = [store.apiUrl, `http://127.0.0.1:${ports.api}`];
    await setAvailable(store.store, 10_000);
    await recordTicks(store.sql);
    balancer = startBalancer(apiUrls);
  });
  afterAll(async () => {
    over.abort();
    await balancer.close();
    await store.close();
  });

  it('after SIGTERM, an api fails its readiness check, but still serves requests and does not cut an open stream', async () => {
    const shopper = shopperOf(store.apiUrl);
    const { text: orderId } = await shopper.webhook(await shopper.reserve(), 'failed');
    const stream = await fetch(`${store.apiUrl}/order/${orderId}/events`);
    const { api } = store.processes;
    await untilReplaced([api], async () => {
      api.kill('SIGTERM');
      const notReady = await eventually(
        () => shopper.send('GET', '/readyz'),
        ({ status }) => status === 503,
      );
      expect(JSON.parse(notReady.text)).toEqual({ ready: false, missing: ['process'] });
      const answer = await shopper.checkout();
      expect([answer.status, answer.headers.get('Connection')]).toEqual([200, 'close']);
      // This line would throw if the connection were cut.
      expect(await stream.text()).toContain('event: order');
    });
    await api.whenReady({ deadlineMs: 60_000 });
  });

  const clientOf = (name: string, urls: string[]): Client =>
    openClient({
      name,
      history: keptIn(operations),
      apiUrls: urls,
      random: seededRandom(bought.length),
      over: over.signal,
    });

  async function buy(status: Bought['status']): Promise<void> {
    const key = newKey();
    const client = clientOf(key, balancer.urls);
    const { json } = await client.persist(checkoutCall(key, lines));
    const { order_id: orderId, payment_id: paymentId } = json as CheckoutBody;
    const path = `/payment_webhook/${paymentId}/${status}`;
    await client.persist({ f: 'webhook', request: {}, method: 'POST', path });
    bought.push({ key, status, orderId, paymentId });
  }

  /** Buys in an open loop: shoppers arrive at the same rate even if the store is slow. */
  async function keepBuying(stop: AbortSignal): Promise<void> {
    const shoppers: Promise<void>[] = [];
    while (!stop.aborted) {
      shoppers.push(buy(shoppers.length % 2 === 0 ? 'paid' : 'failed'));
      await delay(1000 / checkoutsPerSecond);
    }
    await Promise.all(shoppers);
  }

  async function expectSameAnswers(url: string): Promise<void> {
    for (const { key, orderId, paymentId } of bought) {
      const { json } = await clientOf(key, [url]).persist(checkoutCall(key, lines));
      expect(json).toMatchObject({ order_id: orderId, payment_id: paymentId });
    }
  }

  it('loses no checkout, and both apis return the same order for a key', async () => {
    const enough = new AbortController();
    const buying = keepBuying(enough.signal);
    const drainedMs: Record<string, number> = {};
    for (const running of processes) {
      const before = bought.length;
      await eventually(
        () => bought.length,
        (now) => now >= before + checkoutsBetween,
        { deadlineMs: 60_000 },
      );
      ({ drainedMs: drainedMs[running.name] } = await replaceProcess(running));
    }
    enough.abort();
    await buying;
    await writeFigures({ operations, checkouts: bought.length, drainedMs });

    // A stopping worker can lose a task. On a busy machine the next attempt can be so late that the client gets a 503
    // and sends its request again. Every other failure is an error.
    const failures = operations.filter(({ outcome }) => outcome !== 'ok').map(({ response }) => response);
    expect(failures.filter(({ code }) => code !== 'temporal_unavailable')).toEqual([]);
    await Promise.all(apiUrls.map(expectSameAnswers));
    const [placed] = await store.sql`
      select count(*)::int as orders from orders where idempotency_key in ${store.sql(bought.map(({ key }) => key))}`;
    expect(placed).toEqual({ orders: bought.length });
  }, 240_000);

  it('completes every order', async () => {
    await eventually(
      () => store.sql`select order_id from orders where status in ('PENDING', 'PAID')
        and idempotency_key in ${store.sql(bought.map(({ key }) => key))}`,
      (rows) => rows.length === 0,
    );
    for (const { orderId } of bought.filter(({ status }) => status === 'paid')) {
      expect([orderId, await ticksOf(store.sql, orderId)]).toEqual([orderId, wholeDispatch]);
    }
  });
});

function keptIn(operations: Operation[]): History {
  return {
    invoke: (operation) => {
      const id = operations.length;
      operations.push({ ...operation, id, startMs: Date.now(), endMs: Infinity, outcome: 'unknown', response: {} });
      return id;
    },
    complete: (id, end) => void Object.assign(operations[id] as Operation, { ...end, endMs: Date.now() }),
  };
}

/** Writes the figures for docs/reliability.md. */
async function writeFigures({
  operations,
  ...figures
}: {
  operations: Operation[];
  checkouts: number;
  drainedMs: Record<string, number>;
}): Promise<void> {
  const tookMs = operations.map(({ startMs, endMs }) => endMs - startMs).toSorted((one, other) => one - other);
  const quantile = (share: number) => tookMs[Math.min(tookMs.length - 1, Math.floor(share * tookMs.length))];
  const failed = operations.filter(({ outcome }) => outcome !== 'ok').length;
  const file = join(repositoryRoot, '.data', 'rollout.json');
  await mkdir(dirname(file), { recursive: true });
  const report = {
    ...figures,
    requests: operations.length,
    failed,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    longestMs: quantile(1),
  };
  await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
}

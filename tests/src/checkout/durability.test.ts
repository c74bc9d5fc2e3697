import { Connection } from '@temporalio/client';
import type { OrderBody } from '@widget-store/api';
import { searchAttributeNames } from '@widget-store/contract';
import { setAvailable, stockOf } from '../support/store/database';
import { eventually } from '../support/eventually';
import { type Charge, openTill, type Till } from '../support/gateway/charges';
import { killProcesses, type ProcessName, processOf } from '../support/servers/processes';
import { newKey, type Shopper, shopperOf, problemOf } from '../support/http/shopper';
import { quickDispatches, startTestStore, type TestStore } from '../support/store/store';
import { recordTicks, ticksOf, wholeDispatch } from '../support/store/ticks';

/**
 * These tests kill real processes with SIGKILL. Whichever process dies, each order ends as it would without a crash.
 */
describe('durability', () => {
  let store: TestStore;
  let shopper: Shopper;

  beforeAll(async () => {
    store = await startTestStore({ ownServers: true, worker: quickDispatches });
    shopper = shopperOf(store.apiUrl);
    await recordTicks(store.sql);
  });
  afterAll(() => store.close());
  beforeEach(() =>
    eventually(
      () => setAvailable(store.store, 100),
      () => true,
    ),
  );

  const kill = (...names: ProcessName[]) => killProcesses(...names.map((name) => processOf(store, name)));

  /** Repeats the webhook until the store confirms it, as a payment gateway does. */
  async function pay(paymentId: string, status = 'paid'): Promise<string> {
    const answer = await eventually(
      () => shopper.webhook(paymentId, status),
      ({ status: code }) => code === 200,
    );
    return answer.text;
  }

  const orderWhen = (orderId: string, accept: (order: OrderBody) => boolean) =>
    eventually(() => shopper.order(orderId), accept, { deadlineMs: 60_000 });

  async function expectDispatched(orderId: string): Promise<void> {
    await orderWhen(orderId, (order) => order.status === 'DISPATCHED');
    expect(await ticksOf(store.sql, orderId)).toEqual(wholeDispatch);
    expect(await stockOf(store.sql)).toEqual({ inventory: 99, movements: 99 });
  }

  it.each<[string, ProcessName[]]>([
    ['the worker', ['worker']],
    ['the api', ['api']],
    ['Temporal', ['temporal']],
    ['Postgres', ['postgres']],
    ['everything', ['api', 'worker', 'temporal', 'postgres']],
  ])('an order survives the kill of %s between reservation and payment', async (_what, names) => {
    const key = newKey();
    const paymentId = await shopper.reserve(key);
    await kill(...names);
    const orderId = await pay(paymentId);
    await expectDispatched(orderId);
    const again = await eventually(
      () => shopper.checkout(key),
      ({ status }) => status === 200,
    );
    expect(again.text).toBe(paymentId);
  });

  it.each<[string, ProcessName[]]>([
    ['the worker', ['worker']],
    ['Temporal', ['temporal']],
    ['Postgres', ['postgres']],
    ['everything', ['api', 'worker', 'temporal', 'postgres']],
  ])('a dispatch survives the kill of %s', async (_what, names) => {
    const orderId = await pay(await shopper.reserve());
    const { progress_remaining: left } = await orderWhen(orderId, (order) => order.progress_remaining <= 7);
    expect(left).toBeGreaterThan(0);
    await kill(...names);
    await expectDispatched(orderId);
  });

  it('a declined payment survives two kills of the worker', async () => {
    const paymentId = await shopper.reserve();
    await store.processes.worker.stop();
    const declined = pay(paymentId, 'failed');
    expect(await store.sql`select status from orders where payment_id = ${paymentId}`).toEqual([{ status: 'PENDING' }]);
    store.processes.worker.start();
    await kill('worker');
    await kill('worker');
    const orderId = await declined;
    await orderWhen(orderId, (order) => order.status === 'CANCELLED');
    expect(await stockOf(store.sql)).toEqual({ inventory: 100, movements: 100 });
  });

  describe('twenty refunds', () => {
    const amountMinor = 333;
    const refundsEach = 4;
    let till: Till;
    let charges: Charge[];

    beforeAll(async () => {
      till = await openTill(store);
      charges = await Promise.all(Array.from({ length: 5 }, () => till.charge()));
      await Promise.all(charges.map((charge) => till.tell(charge, 'paid')));
    });

    async function expectLedgerAgrees({ orderId, paymentId }: Charge, refunds: number): Promise<void> {
      const order = await orderWhen(orderId, ({ payment_status: status }) => status === 'partially_refunded');
      expect([order.refunds.length, order.refunded_minor]).toEqual([refunds, refunds * amountMinor]);
      const payment = await till.gateway.getPayment(paymentId);
      const made = payment?.refunds.map((refund) => [refund.refundId, refund.amountMinor] as const);
      const shown = order.refunds.map((refund) => [refund.refund_id, refund.amount_minor] as const);
      expect(made).toHaveLength(shown.length);
      expect(new Map(made)).toEqual(new Map(shown));
    }

    it.each<[string, ProcessName, number]>([
      ['the api', 'api', 1],
      ['Temporal', 'temporal', 2],
      ['Postgres', 'postgres', 3],
    ])('survive the kill of %s, and the gateway makes each of them once', async (_what, name, round) => {
      const asked = charges.flatMap((charge) =>
        Array.from({ length: refundsEach }, () => till.refund(charge, { amount_minor: amountMinor })),
      );
      await Promise.race(asked);
      await kill(name);
      expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([202]));
      await Promise.all(charges.map((charge) => expectLedgerAgrees(charge, refundsEach * round)));
    });
  });

  it('a dispatch continues after its worker is stopped and started again', async () => {
    const orderId = await pay(await shopper.reserve());
    await orderWhen(orderId, (order) => order.progress_remaining <= 8);
    const { worker } = store.processes;
    await worker.stop();
    worker.start();
    await expectDispatched(orderId);
  });

  describe.each<[string, ProcessName, string]>([
    ['Temporal', 'temporal', 'temporal_unavailable'],
    ['the worker', 'worker', 'temporal_unavailable'],
    ['Postgres', 'postgres', 'postgres_unavailable'],
  ])('while %s is down', (_what, name, code) => {
    it('the api returns 503 with Retry-After, and the same request succeeds later without a restart', async () => {
      const apiPid = store.processes.api.pid;
      const paymentId = await shopper.reserve();
      const key = newKey();
      await processOf(store, name).stop();

      const [checkout, webhook] = await Promise.all([shopper.checkout(key), shopper.webhook(paymentId, 'failed')]);
      for (const answer of [checkout, webhook]) {
        expect(answer.status).toBe(503);
        expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
        expect(problemOf(answer).retryable).toBe(true);
      }
      const codes = [checkout, webhook].map((answer) => problemOf(answer).code);
      expect(codes).toContain(code);

      processOf(store, name).start();
      await eventually(
        () => shopper.checkout(key),
        ({ status }) => status === 200,
      );
      await orderWhen(await pay(paymentId, 'failed'), (order) => order.status === 'CANCELLED');
      expect(store.processes.api.pid).toBe(apiPid);
    });
  });

  it('a removed search attribute is registered again, and checkouts get 503 until then', async () => {
    const connection = await Connection.connect({ address: store.temporalAddress });
    const remove = () =>
      connection.operatorService.removeSearchAttributes({
        namespace: 'default',
        searchAttributes: [searchAttributeNames.orderStatus],
      });
    const { pid } = store.processes.worker;
    await remove();
    const refused = await eventually(
      () => shopper.checkout(newKey()),
      ({ status }) => status !== 200,
    );
    expect([refused.status, problemOf(refused).code]).toEqual([503, 'temporal_unavailable']);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    const sells = () =>
      eventually(
        () => shopper.checkout(newKey()),
        ({ status }) => status === 200,
        { deadlineMs: 60_000 },
      );
    await sells();
    expect(store.processes.worker.pid).toBe(pid);

    await store.processes.worker.stop();
    await remove();
    const ready = async () => (await fetch(`${store.apiUrl}/readyz`)).text();
    await eventually(ready, (body) => body === '{"ready":false,"missing":["search_attributes"]}');
    store.processes.worker.start();
    await eventually(ready, (body) => body === '{"ready":true,"missing":[]}', { deadlineMs: 60_000 });
    await sells();
    await connection.close();
  });

  it.each<[ProcessName, string]>([
    ['temporal', 'temporal'],
    ['postgres', 'postgres'],
  ])('GET /readyz names %s while it is down, and returns 200 afterwards', async (name, missing) => {
    await processOf(store, name).stop();
    for (const url of [store.apiUrl, store.workerUrl]) {
      const ready = await eventually(
        () => fetch(`${url}/readyz`),
        ({ status }) => status === 503,
      );
      expect(await ready.json()).toEqual({ ready: false, missing: [missing] });
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    }
    processOf(store, name).start();
    for (const url of [store.apiUrl, store.workerUrl]) {
      await eventually(
        () => fetch(`${url}/readyz`),
        ({ status }) => status === 200,
      );
    }
  });
});

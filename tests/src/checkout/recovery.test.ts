import { checkoutWorkflowId, dispatchWorkflowId } from '@widget-store/contract';
import { setAvailable, stockOf } from '../support/store/database';
import { eventually } from '../support/eventually';
import { forgetCheckout } from '../support/temporal/forget';
import { json, newKey, problemOf, type Shopper, shopperOf } from '../support/http/shopper';
import { quickDispatches, startTestStore, type TestStore } from '../support/store/store';
import { recordTicks, ticksOf, wholeDispatch } from '../support/store/ticks';

const otherProduct = JSON.stringify({ items: [{ product_id: 2, quantity: 1 }] });

/** Recovery from failures in which no process dies: locks, cut connections, deleted runs and terminated runs. */
describe('recovery', () => {
  let store: TestStore;
  let shopper: Shopper;

  beforeAll(async () => {
    store = await startTestStore({ worker: quickDispatches });
    shopper = shopperOf(store.apiUrl);
    await recordTicks(store.sql);
  });
  afterAll(() => store.close());
  beforeEach(() => setAvailable(store.store, 100));

  const orderWhen = (orderId: string, status: string) =>
    eventually(
      () => shopper.order(orderId),
      (order) => order.status === status,
      { deadlineMs: 60_000 },
    );

  it('while an operator has locked a product in psql, only requests for this product are refused as busy', async () => {
    const pending = await shopper.reserve();
    const keys = Array.from({ length: 12 }, newKey);
    const buyOther = () => shopper.send('POST', `/checkout/${newKey()}`, { headers: json, body: otherProduct });
    await store.sql.begin(async (sql) => {
      await sql`update products set description = description where product_id = 1`;
      const buying = Promise.all(keys.map((key) => shopper.checkout(key)));
      const ready = () => fetch(`${store.workerUrl}/readyz`);
      const others = await Promise.all([buyOther(), buyOther(), shopper.webhook(pending, 'paid'), ready()]);
      expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      for (const answer of [...(await buying), await shopper.checkout(keys[0])]) {
        expect([answer.status, problemOf(answer).code]).toEqual([503, 'product_busy']);
        expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
      }
      expect([(await buyOther()).status, (await ready()).status]).toEqual([200, 200]);
      const paid = await store.orderIdOf(pending);
      const refund = {
        headers: { ...json, 'Idempotency-Key': newKey() },
        body: '{"restock":[{"product_id":1,"quantity":1}]}',
      };
      const refused = await Promise.all([
        shopper.send('PATCH', '/products/1', { headers: json, body: '{"price_minor":1}' }),
        shopper.send('POST', '/restock'),
        shopper.send('POST', `/order/${paid}/refunds`, refund),
      ]);
      expect(refused.map((answer) => problemOf(answer).code)).toEqual(refused.map(() => 'product_busy'));
    });
    for (const key of keys)
      await eventually(
        () => shopper.checkout(key),
        ({ status }) => status === 200,
      );
    expect(await stockOf(store.sql)).toEqual({ inventory: 87, movements: 87 });
  });

  it('during a lock, the answer to a cancellation names the cause; after the lock, the order is cancelled', async () => {
    const buyOther = () => shopper.send('POST', `/checkout/${newKey()}`, { headers: json, body: otherProduct });
    const paymentIds = [await shopper.reserve(), (await buyOther()).text, (await buyOther()).text];
    const [ofProduct = '', ofOrder = '', paid = ''] = await Promise.all(paymentIds.map(store.orderIdOf));
    const cancel = (orderId: string) => shopper.send('POST', `/order/${orderId}/cancel`);
    await store.sql.begin(async (sql) => {
      await sql`update products set description = description where product_id = 1`;
      await sql`select from orders where order_id in ${sql([ofOrder, paid])} for update`;
      const calls = [cancel(ofProduct), cancel(ofProduct), cancel(ofOrder)];
      expect((await shopper.webhook(paymentIds[2] ?? '', 'paid')).text).toBe(paid);
      const answers = (await Promise.all(calls)).map((answer) => [answer.status, problemOf(answer).code]);
      expect(answers).toEqual([
        [503, 'product_busy'],
        [503, 'product_busy'],
        [503, 'postgres_unavailable'],
      ]);
    });
    await Promise.all([
      orderWhen(ofProduct, 'CANCELLED'),
      orderWhen(ofOrder, 'CANCELLED'),
      orderWhen(paid, 'DISPATCHED'),
    ]);
  });

  it('a payment is processed even if the run of its checkout was lost', async () => {
    const key = newKey();
    const paymentId = await shopper.reserve(key);
    await forgetCheckout(store.workflows, key);
    const answer = await shopper.webhook(paymentId, 'paid');
    expect(answer.status).toBe(200);
    await orderWhen(answer.text, 'DISPATCHED');
    expect(await stockOf(store.sql)).toEqual({ inventory: 99, movements: 99 });
  });

  it('a run that replaces a terminated run has the order id as a search attribute', async () => {
    const key = newKey();
    const paymentId = await shopper.reserve(key);
    await store.workflows.getHandle(checkoutWorkflowId(key)).terminate('by hand');
    expect(await shopper.reserve(key)).toBe(paymentId);
    const order = await store.store.findCheckout({ paymentId });
    await eventually(
      () => store.workflows.getHandle(checkoutWorkflowId(key)).describe(),
      ({ searchAttributes }) => searchAttributes['OrderId']?.[0] === order?.orderId,
    );
  });

  it.each(['checkout', 'dispatch'])(
    'after a terminated %s, the next webhook of the payment starts a run that continues the order',
    async (kind) => {
      const key = newKey();
      const paymentId = await shopper.reserve(key);
      if (kind === 'checkout') await store.workflows.getHandle(checkoutWorkflowId(key)).terminate('by hand');
      const { text: orderId } = await shopper.webhook(paymentId, 'paid');
      if (kind === 'dispatch') {
        await orderWhen(orderId, 'PAID');
        await eventually(
          () => shopper.order(orderId),
          (order) => order.progress_remaining <= 8,
        );
        await store.workflows.getHandle(dispatchWorkflowId(orderId)).terminate('by hand');
        await eventually(
          () => shopper.webhook(paymentId, 'paid'),
          ({ text }) => text === orderId,
        );
      }
      await orderWhen(orderId, 'DISPATCHED');
      expect(await ticksOf(store.sql, orderId)).toEqual(wholeDispatch);
    },
  );

  it('no order is lost when Postgres closes connections under load', async () => {
    const { api, worker } = store.processes;
    const pids = [api.pid, worker.pid];
    const keys = Array.from({ length: 40 }, newKey);
    const buying = keys.map((key) =>
      eventually(
        () => shopper.checkout(key),
        ({ status }) => status === 200,
      ),
    );
    const restocking = keys.map(() => shopper.send('POST', '/restock'));
    let connectionsCut = 0;
    for (let cut = 0; cut < 20; cut++) {
      const connections = await store.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'widget-store%'`;
      connectionsCut += connections.length;
    }
    const paymentIds = (await Promise.all(buying)).map(({ text }) => text);
    await Promise.all(restocking);
    expect(connectionsCut).toBeGreaterThan(0);
    expect(new Set(paymentIds).size).toBe(keys.length);
    const { inventory, movements } = await stockOf(store.sql);
    expect(inventory).toBe(movements);
    const holds = await store.sql`select 1 from stock_movements join orders using (order_id)
      where kind = 'hold' and orders.idempotency_key in ${store.sql(keys)}`;
    expect(holds).toHaveLength(keys.length);
    expect({ pids: [api.pid, worker.pid], restarts: [api.restarts, worker.restarts] }).toEqual({
      pids,
      restarts: [0, 0],
    });
  });
});

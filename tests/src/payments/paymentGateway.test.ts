import { setAvailable, stockOf } from '../support/store/database';
import { eventually } from '../support/eventually';
import { newKey, type Shopper, shopperOf } from '../support/http/shopper';
import { quickDispatches, startTestStore, type TestStore } from '../support/store/store';

/**
 * The store with the sandbox gateway, as in `make dev`, but outside demo mode, so only signed webhooks are accepted.
 */
describe('the store with its payment gateway', () => {
  let store: TestStore;
  let shopper: Shopper;

  beforeAll(async () => {
    store = await startTestStore({ demo: false, worker: quickDispatches });
    shopper = shopperOf(store.apiUrl);
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await setAvailable(store.store, 100);
    await gateway('PUT', '/sandbox/behaviour', {});
  });

  async function gateway(method: string, path: string, body?: object): Promise<number> {
    const headers = { Authorization: `Bearer ${store.gatewayApiKey}`, 'Content-Type': 'application/json' };
    const response = await fetch(`${store.gatewayUrl}${path}`, { method, headers, body: JSON.stringify(body ?? {}) });
    return response.status;
  }

  async function openPayment(amountMinor = 9999): Promise<string> {
    const paymentId = await shopper.reserve(newKey());
    const payment = { payment_id: paymentId, amount_minor: amountMinor, currency: 'USD', return_url: store.apiUrl };
    expect(await gateway('POST', '/v1/payments', payment)).toBe(200);
    return paymentId;
  }

  const settle = (paymentId: string, action: 'pay' | 'decline') =>
    gateway('POST', `/sandbox/payments/${paymentId}/${action}`);
  const orderOf = async (paymentId: string) => {
    const [order] = await store.sql`select status, payment_status from orders where payment_id = ${paymentId}`;
    return order;
  };
  const untilStatus = (paymentId: string, ...statuses: string[]) =>
    eventually(
      () => orderOf(paymentId),
      (order) => statuses.includes(String(order?.['status'])),
    );

  it('a payment at the gateway pays the order once, even if its webhook is delivered several times', async () => {
    await gateway('PUT', '/sandbox/behaviour', { duplicates: 4 });
    const paymentId = await openPayment();
    await settle(paymentId, 'pay');
    await untilStatus(paymentId, 'DISPATCHED');
    expect(await stockOf(store.sql)).toEqual({ inventory: 99, movements: 99 });
  });

  it('a declined payment cancels the order and releases its stock', async () => {
    const paymentId = await openPayment();
    await settle(paymentId, 'decline');
    await untilStatus(paymentId, 'CANCELLED');
    expect(await stockOf(store.sql)).toEqual({ inventory: 100, movements: 100 });
  });

  it('a payment of a different amount does not pay the order', async () => {
    const paymentId = await openPayment(1);
    const refused = () => store.lines.filter((line) => line.startsWith('gateway') && line.includes('422')).length;
    const before = refused();
    await settle(paymentId, 'pay');
    await eventually(refused, (count) => count > before);
    expect(await orderOf(paymentId)).toEqual({ status: 'PENDING', payment_status: 'pending' });
  });

  it('a webhook survives a stop of the api and a kill of the gateway', async () => {
    const paymentId = await openPayment();
    await store.processes.api.stop();
    await settle(paymentId, 'pay');
    store.processes.gateway.kill('SIGKILL');
    store.processes.api.start();
    const order = await untilStatus(paymentId, 'PAID', 'DISPATCHED');
    expect(order?.['payment_status']).toBe('paid');
  });
});

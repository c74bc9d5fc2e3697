import { freePort } from '@widget-store/dev';
import type { OrderBody, PaymentPageBody } from '@widget-store/api';
import { setAvailable, stockOf } from '../support/store/database';
import { eventually } from '../support/eventually';
import { type HttpFault, httpFaults } from '../support/network/faultyProxy';
import type { GatewayUnderTest } from '../support/gateway/gatewayUnderTest';
import { loadContract } from '../support/http/openapi';
import { newKey, type Shopper, shopperOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';

const totalMinor = 9999;
/** Long enough to open a payment page and pay, even on a busy machine. */
const shortWindowMs = 4000;

/**
 * Tests the contract between the store and a payment gateway, through api, worker and Temporal.
 *
 * @param start starts the gateway, or a stand-in for it
 */
export function testGatewayContract(name: string, start: () => Promise<GatewayUnderTest>): void {
  describe(`with ${name}`, () => testContract(start));
}

function testContract(start: () => Promise<GatewayUnderTest>): void {
  let gateway: GatewayUnderTest;
  let store: TestStore;
  let shopper: Shopper;
  /** A client of an api with a short payment window. */
  let shortWindowShopper: Shopper;

  beforeAll(async () => {
    gateway = await start();
    store = await startTestStore({ demo: false, extraEnvironment: gateway.environment });
    await gateway.serve(store);
    const port = await freePort();
    const extraEnvironment = { ...gateway.environment.api, PAYMENT_WINDOW_MS: String(shortWindowMs) };
    await store.startReplica('api', { name: 'api with a short window', port, extraEnvironment });
    const shortWindowUrl = `http://127.0.0.1:${port}`;
    await loadContract(shortWindowUrl);
    shopper = shopperOf(store.apiUrl);
    shortWindowShopper = shopperOf(shortWindowUrl);
  });
  afterAll(async () => {
    await store.close();
    await gateway.close();
  });
  beforeEach(async () => {
    await gateway.behave({});
    await setAvailable(store.store, 100);
  });

  async function orderOf(paymentId: string): Promise<OrderBody> {
    return shopper.order(await store.orderIdOf(paymentId));
  }
  const until = (paymentId: string, isThere: (order: OrderBody) => boolean) =>
    eventually(() => orderOf(paymentId), isThere);
  const untilStatus = (paymentId: string, ...statuses: string[]) =>
    until(paymentId, ({ status }) => statuses.includes(status));
  const untilRefunded = (paymentId: string) =>
    until(paymentId, ({ payment_status: paymentStatus }) => paymentStatus === 'refunded');

  async function openPage(paymentId: string): Promise<{ status: number; url: string | null }> {
    const { status, text } = await shopper.send('POST', `/payment/${paymentId}/page`);
    return { status, url: status === 200 ? (JSON.parse(text) as PaymentPageBody).payment_url : null };
  }
  async function reserve(from: Shopper = shopper): Promise<string> {
    const paymentId = await from.reserve(newKey());
    expect(await openPage(paymentId)).toEqual({ status: 200, url: expect.stringMatching(/^http/) as string });
    return paymentId;
  }
  async function paid(): Promise<string> {
    const paymentId = await reserve();
    await gateway.pay(paymentId);
    await untilStatus(paymentId, 'PAID');
    return paymentId;
  }
  const cancel = async (paymentId: string) =>
    shopper.send('POST', `/order/${(await orderOf(paymentId)).order_id}/cancel`);
  async function expectNothingKept(paymentId: string, { refunds }: { refunds: number }): Promise<void> {
    expect(await gateway.keptMinor(paymentId)).toBe(0);
    expect(await gateway.refunds(paymentId)).toBe(refunds);
    expect(await stockOf(store.sql)).toEqual({ inventory: 100, movements: 100 });
  }

  /** Calls the function for all faults at the same time. Each call makes its own payment. */
  const underEachFault = (play: (fault: HttpFault) => Promise<void>) => Promise.all(httpFaults.map(play));

  it(`gateway ${httpFaults.join(', ')}: the page returns 503, and 200 after the gateway has recovered`, async () => {
    await underEachFault(async (fault) => {
      const paymentId = await shopper.reserve(newKey());
      gateway.proxy.break(fault, paymentId);
      expect((await openPage(paymentId)).status).toBe(503);
      expect(gateway.proxy.met(paymentId)).toBeGreaterThan(0);
      gateway.proxy.mend(paymentId);
      expect((await openPage(paymentId)).status).toBe(200);
      await gateway.pay(paymentId);
      await untilStatus(paymentId, 'PAID');
      expect(await gateway.keptMinor(paymentId)).toBe(totalMinor);
    });
  });

  it('create: concurrent requests get the same payment page', async () => {
    const paymentId = await shopper.reserve(newKey());
    const pages = await Promise.all(Array.from({ length: 5 }, () => openPage(paymentId)));
    expect(new Set(pages.map(({ url }) => url)).size).toBe(1);
    expect(pages[0]?.url).toMatch(/^http/);
    await gateway.pay(paymentId);
    expect(await gateway.keptMinor(paymentId)).toBe(totalMinor);
  });

  it('pay: a repeated event pays the order only once', async () => {
    await gateway.behave({ duplicates: 4 });
    const paymentId = await paid();
    await gateway.tellAgain(paymentId);
    expect(await gateway.keptMinor(paymentId)).toBe(totalMinor);
    expect(await orderOf(paymentId)).toMatchObject({ status: 'PAID', payment_status: 'paid' });
    expect(await gateway.refunds(paymentId)).toBe(0);
    expect(await stockOf(store.sql)).toEqual({ inventory: 99, movements: 99 });
  });

  it('expire: a payment whose event was lost pays the order at the end of its window', async () => {
    await gateway.behave({ lose: true });
    const paymentId = await reserve(shortWindowShopper);
    await gateway.pay(paymentId);
    await untilStatus(paymentId, 'PAID');
    expect(await gateway.keptMinor(paymentId)).toBe(totalMinor);
  });

  it('decline: the order is cancelled and its stock released', async () => {
    const paymentId = await reserve();
    await gateway.decline(paymentId);
    expect(await untilStatus(paymentId, 'CANCELLED')).toMatchObject({ cancel_reason: 'payment_failed' });
    await expectNothingKept(paymentId, { refunds: 0 });
  });

  it('expire: an unpaid order is cancelled', async () => {
    const paymentId = await reserve(shortWindowShopper);
    expect(await untilStatus(paymentId, 'CANCELLED')).toMatchObject({ cancel_reason: 'payment_expired' });
    await expectNothingKept(paymentId, { refunds: 0 });
  });

  it('refund: a cancelled order is refunded once', async () => {
    const paymentId = await paid();
    expect((await cancel(paymentId)).status).toBe(200);
    await untilRefunded(paymentId);
    await gateway.tellAgain(paymentId);
    await expectNothingKept(paymentId, { refunds: 1 });
  });

  it('late: a payment reported after the cancellation is refunded once', async () => {
    await gateway.behave({ lose: true });
    const paymentId = await reserve();
    await gateway.pay(paymentId);
    await cancel(paymentId);
    await Promise.all([gateway.tellAgain(paymentId), gateway.tellAgain(paymentId)]);
    expect(await untilRefunded(paymentId)).toMatchObject({ status: 'CANCELLED', cancel_reason: 'cancelled' });
    await expectNothingKept(paymentId, { refunds: 1 });
  });

  it('wrong amount: a payment of a different amount does not pay the order, and is refunded at the end of the window', async () => {
    const amounts = [1, 10_000];
    const payments = await Promise.all(
      amounts.map(async (minor) => {
        const paymentId = await shortWindowShopper.reserve(newKey());
        await gateway.payOther(paymentId, minor, () => openPage(paymentId));
        const ended = await untilRefunded(paymentId);
        expect(ended).toMatchObject({ status: 'CANCELLED', cancel_reason: 'payment_expired' });
        return paymentId;
      }),
    );
    for (const paymentId of payments) await expectNothingKept(paymentId, { refunds: 1 });
  });

  it(`gateway ${httpFaults.join(', ')}: a refund waits for the gateway and is made once`, async () => {
    await underEachFault(async (fault) => {
      const paymentId = await paid();
      gateway.proxy.break(fault, paymentId);
      expect((await cancel(paymentId)).status).toBe(200);
      await eventually(
        () => gateway.proxy.met(paymentId),
        (met) => met > 0,
      );
      expect(await orderOf(paymentId)).toMatchObject({ status: 'CANCELLED', payment_status: 'refunding' });
      gateway.proxy.mend(paymentId);
      await untilRefunded(paymentId);
      expect(await gateway.keptMinor(paymentId)).toBe(0);
      expect(await gateway.refunds(paymentId)).toBe(1);
    });
  });

  const untilDisputed = (orderId: string, status: string) =>
    eventually(
      async () => (await store.store.readOrderRecord(orderId))?.disputes.map((dispute) => dispute.status).join(),
      (statuses) => statuses === status,
    );

  it('dashboard: a refund is shown once, and a failed one frees its amount', async () => {
    await gateway.behave({ duplicates: 2 });
    const paymentId = await paid();
    const gatewayRefundId = await gateway.refundInDashboard(paymentId, 2000);
    const refunded = await until(paymentId, (order) => order.payment_status === 'partially_refunded');
    expect(refunded).toMatchObject({ refunded_minor: 2000, refunds: [{ amount_minor: 2000, status: 'succeeded' }] });
    await gateway.failRefund(paymentId, gatewayRefundId);
    const failed = await until(paymentId, (order) => order.payment_status === 'paid');
    expect(failed).toMatchObject({ refunded_minor: 0, refunds: [{ amount_minor: 2000, status: 'failed' }] });
  });

  it('dispute: the disputed money cannot be refunded, and the order is paid after a won dispute', async () => {
    const paymentId = await paid();
    const orderId = await store.orderIdOf(paymentId);
    const refundOne = () =>
      shopper.send('POST', `/order/${orderId}/refunds`, {
        headers: {
          Authorization: `Bearer ${store.adminToken}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': newKey(),
        },
        body: JSON.stringify({ amount_minor: 1 }),
      });
    const gatewayDisputeId = await gateway.openDispute(paymentId, totalMinor);
    await untilDisputed(orderId, 'open');
    expect((await refundOne()).status).toBe(422);
    await gateway.closeDispute(paymentId, gatewayDisputeId, 'won');
    await untilDisputed(orderId, 'won');
    expect(await orderOf(paymentId)).toMatchObject({ payment_status: 'paid', refunds: [] });
  });

  // This test comes after all tests that place orders, because a dispatch takes ten seconds. Most dispatches end while
  // those tests run.
  it('at the end, the gateway keeps the total of each dispatched order, and nothing of a cancelled order', async () => {
    const open = () => store.sql`select payment_id from orders where status in ('PENDING', 'PAID')`;
    await eventually(open, ({ length }) => length === 0);
    const orders = await store.sql`select payment_id, status from orders`;
    const kept = await Promise.all(orders.map((order) => gateway.keptMinor(String(order['payment_id']))));
    const due = orders.map(({ status }) => (status === 'DISPATCHED' ? totalMinor : 0));
    expect(kept).toEqual(due);
    expect(due).toContain(totalMinor);
  });

  it('receives no invalid request from the store', () => {
    expect(gateway.complaints()).toEqual([]);
  });
}

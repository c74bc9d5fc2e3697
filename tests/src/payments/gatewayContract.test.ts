import { freePort } from '@widget-store/dev';
import type { OrderBody, PaymentPageBody } from '@widget-store/api';
import { setAvailable, stockOf } from '../support/store/database';
import { eventually } from '../support/eventually';
import { type HttpFault, httpFaults } from '../support/network/faultyProxy';
import { type GatewayUnderTest, sandboxUnderTest } from '../support/gateway/gatewayUnderTest';
import { loadContract } from '../support/http/openapi';
import { newKey, type Shopper, shopperOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';
import { stripeUnderTest } from '../support/gateway/stripe/underTest';

const totalMinor = 9999;
/** In which a page is opened and paid, also on a busy machine. */
const shortWindowMs = 4000;

/** What the store asks of any payment gateway, played through api, worker and Temporal, outside demo mode. */
describe.each([
  ['the sandbox gateway', sandboxUnderTest],
  ['Stripe', stripeUnderTest],
] as const)('with %s', (_name, start) => {
  let gateway: GatewayUnderTest;
  let store: TestStore;
  let shopper: Shopper;
  /** An api whose orders wait for their payment for a moment only. */
  let hasty: Shopper;

  beforeAll(async () => {
    gateway = await start();
    store = await startTestStore({ demo: false, extraEnvironment: gateway.environment });
    await gateway.serve(store);
    const port = await freePort();
    const extraEnvironment = { ...gateway.environment.api, PAYMENT_WINDOW_MS: String(shortWindowMs) };
    await store.startReplica('api', { name: 'hasty', port, extraEnvironment });
    const hastyUrl = `http://127.0.0.1:${port}`;
    await loadContract(hastyUrl);
    shopper = shopperOf(store.apiUrl);
    hasty = shopperOf(hastyUrl);
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

  /** Each fault for a payment of its own, all at the same time. */
  const underEachFault = (play: (fault: HttpFault) => Promise<void>) => Promise.all(httpFaults.map(play));

  it(`${httpFaults.join(', ')}: its page says so in time, and is there once it is well`, async () => {
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

  it('create: a payment has one page, whoever asks how often', async () => {
    const paymentId = await shopper.reserve(newKey());
    const pages = await Promise.all(Array.from({ length: 5 }, () => openPage(paymentId)));
    expect(new Set(pages.map(({ url }) => url)).size).toBe(1);
    expect(pages[0]?.url).toMatch(/^http/);
    await gateway.pay(paymentId);
    expect(await gateway.keptMinor(paymentId)).toBe(totalMinor);
  });

  it('pay, and duplicate: the order is paid once', async () => {
    await gateway.behave({ duplicates: 4 });
    const paymentId = await paid();
    await gateway.tellAgain(paymentId);
    expect(await gateway.keptMinor(paymentId)).toBe(totalMinor);
    expect(await orderOf(paymentId)).toMatchObject({ status: 'PAID', payment_status: 'paid' });
    expect(await gateway.refunds(paymentId)).toBe(0);
    expect(await stockOf(store.sql)).toEqual({ inventory: 99, movements: 99 });
  });

  it('expire: a payment whose event was lost is found before its order would be cancelled', async () => {
    await gateway.behave({ lose: true });
    const paymentId = await reserve(hasty);
    await gateway.pay(paymentId);
    await untilStatus(paymentId, 'PAID');
    expect(await gateway.keptMinor(paymentId)).toBe(totalMinor);
  });

  it('decline: the order is cancelled and its stock is back', async () => {
    const paymentId = await reserve();
    await gateway.decline(paymentId);
    expect(await untilStatus(paymentId, 'CANCELLED')).toMatchObject({ cancel_reason: 'payment_failed' });
    await expectNothingKept(paymentId, { refunds: 0 });
  });

  it('expire: an order that nobody pays is cancelled', async () => {
    const paymentId = await reserve(hasty);
    expect(await untilStatus(paymentId, 'CANCELLED')).toMatchObject({ cancel_reason: 'payment_expired' });
    await expectNothingKept(paymentId, { refunds: 0 });
  });

  it('refund: what was paid goes back when the order is cancelled, once', async () => {
    const paymentId = await paid();
    expect((await cancel(paymentId)).status).toBe(200);
    await untilRefunded(paymentId);
    await gateway.tellAgain(paymentId);
    await expectNothingKept(paymentId, { refunds: 1 });
  });

  it('late: a payment that is heard of when its order is cancelled goes back, once', async () => {
    await gateway.behave({ lose: true });
    const paymentId = await reserve();
    await gateway.pay(paymentId);
    await cancel(paymentId);
    await Promise.all([gateway.tellAgain(paymentId), gateway.tellAgain(paymentId)]);
    expect(await untilRefunded(paymentId)).toMatchObject({ status: 'CANCELLED', cancel_reason: 'cancelled' });
    await expectNothingKept(paymentId, { refunds: 1 });
  });

  it('wrong amount: less or more never pays the order, and goes back when its window has ended', async () => {
    const amounts = [1, 10_000];
    const payments = await Promise.all(
      amounts.map(async (minor) => {
        const paymentId = await hasty.reserve(newKey());
        await gateway.payOther(paymentId, minor, () => openPage(paymentId));
        const ended = await untilRefunded(paymentId);
        expect(ended).toMatchObject({ status: 'CANCELLED', cancel_reason: 'payment_expired' });
        return paymentId;
      }),
    );
    for (const paymentId of payments) await expectNothingKept(paymentId, { refunds: 1 });
  });

  it(`${httpFaults.join(', ')}: a refund waits for it, and is made once`, async () => {
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

  // Last of all, because a dispatch takes ten seconds, which the others have taken meanwhile.
  it('at the end, every order is dispatched and paid for, or cancelled and paid back', async () => {
    const open = () => store.sql`select payment_id from orders where status in ('PENDING', 'PAID')`;
    await eventually(open, ({ length }) => length === 0);
    const orders = await store.sql`select payment_id, status from orders`;
    const kept = await Promise.all(orders.map((order) => gateway.keptMinor(String(order['payment_id']))));
    const due = orders.map(({ status }) => (status === 'DISPATCHED' ? totalMinor : 0));
    expect(kept).toEqual(due);
    expect(due).toContain(totalMinor);
  });

  it('has nothing to complain about in what the store has asked', () => {
    expect(gateway.complaints()).toEqual([]);
  });
});

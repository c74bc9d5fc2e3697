import { createTestDatabase, newOrderId, setAvailable, stockOf, type TestDatabase } from '@widget-store/tests';
import { type GatewayRefund, ownRefundId } from '@widget-store/contract';
import type { RefundRequest } from './refunds';

const soldQuantity = 3;
const capturedMinor = soldQuantity * 9999;

describe('the refunds of an order', () => {
  let database: TestDatabase;
  let keys = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(() => setAvailable(database.store, 100));
  afterEach(async () => {
    const { inventory, movements } = await stockOf(database.sql);
    expect(inventory).toBe(movements);
    expect((await database.store.auditHolds({ after: 0, orderIds: [], slice: 1000, limit: 10 })).mismatches).toEqual(
      [],
    );
  });

  const newRefundId = () => `ref_${String(++keys).padStart(32, '0')}`;

  async function place(): Promise<string> {
    const orderId = newOrderId();
    const lines = [{ productId: 1, quantity: soldQuantity }];
    const request = { fingerprint: 'f', requestId: 'r', paymentWindowMs: 60_000, lines };
    await database.store.placeOrder({ ...request, idempotencyKey: orderId, orderId });
    return orderId;
  }
  async function pay(): Promise<string> {
    const orderId = await place();
    await database.store.markOrderPaid({ orderId, paymentEventId: 'evt_1' });
    return orderId;
  }
  const request = (orderId: string, asked: Partial<RefundRequest> = {}) =>
    database.store.requestRefund({
      orderId,
      refundId: newRefundId(),
      fingerprint: 'f',
      amountMinor: null,
      reason: null,
      requestedBy: 'anna',
      restock: [],
      replaces: null,
      ...asked,
    });
  const outcomes = (answers: Awaited<ReturnType<typeof request>>[]) => answers.map((answer) => answer?.outcome);
  const countsOf = (texts: (string | undefined)[]) =>
    Object.fromEntries(texts.map((text) => [text, texts.filter((other) => other === text).length]));
  const read = async (orderId: string) => {
    const order = await database.store.readOrder(orderId);
    if (order === undefined) throw new Error('there is no such order');
    return order;
  };
  const gatewayMade = (overrides: Partial<GatewayRefund>): GatewayRefund => ({
    gatewayRefundId: `re_${++keys}`,
    refundId: null,
    amountMinor: capturedMinor,
    status: 'succeeded',
    createdAt: new Date().toISOString(),
    ...overrides,
  });
  const record = (orderId: string, refund: GatewayRefund) =>
    database.store.recordLedger({ orderId, payment: { capturedMinor, refunds: [refund], disputes: [] } });

  it('never exceed what was captured, even if many are requested at once', async () => {
    const orderId = await pay();
    const sixtyPercent = Math.floor(capturedMinor * 0.6);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => request(orderId, { amountMinor: sixtyPercent })),
    );
    expect(countsOf(outcomes(answers))).toEqual({ exceeds_captured: 19, requested: 1 });
    expect(await read(orderId)).toMatchObject({ paymentStatus: 'refunding', refundedMinor: sixtyPercent });
  });

  it('are recorded once for a key, even if the request is sent many times at once', async () => {
    const orderId = await pay();
    const refundId = newRefundId();
    const answers = await Promise.all(Array.from({ length: 50 }, () => request(orderId, { refundId, amountMinor: 1 })));
    expect(outcomes(answers).filter((outcome) => outcome === 'requested')).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer && 'refund' in answer && answer.refund.refundId))).toEqual(
      new Set([refundId]),
    );
    const other = await request(orderId, { refundId, amountMinor: 1, fingerprint: 'other' });
    expect(other).toEqual({ outcome: 'key_is_used' });
    expect((await read(orderId)).refundedMinor).toBe(1);
  });

  it('change the payment status of the order, and a failed refund frees its amount', async () => {
    const orderId = await pay();
    const part = newRefundId();
    await request(orderId, { refundId: part, amountMinor: 2000 });
    const made = gatewayMade({ refundId: part, amountMinor: 2000 });
    expect((await record(orderId, made)).made).toEqual(['operator']);
    expect((await record(orderId, made)).made).toEqual([]);
    expect(await read(orderId)).toMatchObject({
      status: 'PAID',
      paymentStatus: 'partially_refunded',
      refundedMinor: 2000,
    });
    expect(await request(orderId)).toMatchObject({
      outcome: 'requested',
      refund: { amountMinor: capturedMinor - 2000 },
    });
    expect(await request(orderId, { amountMinor: 1 })).toEqual({ outcome: 'exceeds_captured' });
    await record(orderId, { ...made, status: 'failed' });
    expect(await request(orderId, { amountMinor: 2000 })).toMatchObject({ outcome: 'requested' });
  });

  it('keep the time of the payment', async () => {
    const [paid, unpaid] = [await pay(), await place()];
    const times = await database.store.readPaymentTimes([paid, unpaid]);
    expect([...times.keys()]).toEqual([paid]);
    await request(paid, { amountMinor: 2000 });
    expect(await database.store.readPaymentTimes([paid])).toEqual(times);
  });

  /** Requests a refund, which then fails at the gateway. */
  async function fail(orderId: string, amountMinor: number): Promise<string> {
    const refundId = newRefundId();
    await request(orderId, { refundId, amountMinor });
    await record(orderId, gatewayMade({ refundId, amountMinor, status: 'failed' }));
    return refundId;
  }
  const attentionOf = async (orderId: string) =>
    (await database.store.listAttention({ limit: 100 })).filter((item) => item.orderId === orderId);
  const settlementsOf = async (orderId: string) =>
    Object.fromEntries((await read(orderId)).refunds.map(({ refundId, settledBy }) => [refundId, settledBy]));

  it('that have failed are settled one by one, by the refunds that replace them', async () => {
    const orderId = await pay();
    const [one, other] = [await fail(orderId, 2000), await fail(orderId, 2000)];
    expect(await attentionOf(orderId)).toHaveLength(2);
    const failureOf = async () => (await read(orderId)).refunds.find((refund) => refund.refundId === one)?.updatedAt;
    const failedAt = await failureOf();
    const refundId = newRefundId();
    const asked = { refundId, amountMinor: 2000, replaces: one };
    const answers = await Promise.all([
      request(orderId, asked),
      request(orderId, asked),
      request(orderId, { ...asked, refundId: newRefundId() }),
    ]);
    expect(outcomes(answers).filter((outcome) => outcome === 'requested')).toHaveLength(1);
    expect((await read(orderId)).refundedMinor).toBe(2000);
    expect(await failureOf()).toBe(failedAt);
    expect(await attentionOf(orderId)).toMatchObject([{ kind: 'refund_failed', refundId: other, amountMinor: 2000 }]);
    await request(orderId, { amountMinor: 2000 });
    expect(await attentionOf(orderId)).toHaveLength(1);
  });

  it('can replace only an unsettled failed refund of the same order', async () => {
    const [orderId, another] = [await pay(), await pay()];
    const pending = newRefundId();
    await request(orderId, { refundId: pending, amountMinor: 1 });
    const settled = await fail(orderId, 2000);
    await database.store.settleRefund({ orderId, refundId: settled, operator: 'anna' });
    for (const replaces of [pending, settled, await fail(another, 2000), newRefundId()]) {
      expect(await request(orderId, { amountMinor: 1, replaces })).toEqual({ outcome: 'not_settleable' });
    }
    expect((await read(orderId)).refundedMinor).toBe(1);
  });

  it('that have failed are settled if an operator has paid in another way', async () => {
    const orderId = await pay();
    const refundId = await fail(orderId, capturedMinor - 1);
    const settle = () => database.store.settleRefund({ orderId, refundId, operator: 'anna' });
    for (const answer of [await settle(), await settle()]) {
      expect(answer).toMatchObject({
        outcome: 'settled',
        refund: { refundId, status: 'failed', settledBy: 'outside' },
      });
    }
    expect(await attentionOf(orderId)).toEqual([]);
    expect(await read(orderId)).toMatchObject({ refundedMinor: 0, paymentStatus: 'paid' });
    expect(await request(orderId, { amountMinor: 2 })).toEqual({ outcome: 'exceeds_captured' });

    const replaced = await fail(orderId, 1);
    const replacement = newRefundId();
    await request(orderId, { refundId: replacement, amountMinor: 1, replaces: replaced });
    for (const other of [replaced, replacement]) {
      expect(await database.store.settleRefund({ orderId, refundId: other, operator: 'anna' })).toEqual({
        outcome: 'not_settleable',
      });
    }
    const { actions, order } = (await database.store.readOrderRecord(orderId)) ?? {};
    expect(actions).toMatchObject([{ kind: 'settle_refund', operator: 'anna', subject: refundId }]);
    expect(order?.refunds.map(({ requestedBy }) => requestedBy)).toEqual(['anna', 'anna', 'anna']);
    expect(await settlementsOf(orderId)).toEqual({
      [refundId]: 'outside',
      [replaced]: replacement,
      [replacement]: null,
    });
    expect(await database.store.settleRefund({ orderId, refundId: newRefundId(), operator: 'anna' })).toBeUndefined();
    expect(await database.store.settleRefund({ orderId: newOrderId(), refundId, operator: 'anna' })).toBeUndefined();
  });

  it('need a captured payment', async () => {
    expect(await request(await place())).toEqual({ outcome: 'nothing_captured' });
    expect(await request(newOrderId())).toBeUndefined();
  });

  it('return each sold unit to stock at most once', async () => {
    const orderId = await pay();
    const back = (quantity: number) => request(orderId, { amountMinor: 1, restock: [{ productId: 1, quantity }] });
    expect(countsOf(outcomes(await Promise.all([back(2), back(2), back(2)])))).toEqual({
      exceeds_sold: 2,
      requested: 1,
    });
    expect((await stockOf(database.sql)).inventory).toBe(99);
    expect(await back(1)).toMatchObject({ outcome: 'requested' });
    expect(await request(orderId, { amountMinor: 1, restock: [{ productId: 2, quantity: 1 }] })).toEqual({
      outcome: 'exceeds_sold',
    });
    await database.store.recordCancelRequest({ orderId, operator: 'anna' });
    await database.store.cancelPaidOrder({ orderId });
    expect((await stockOf(database.sql)).inventory).toBe(100);
    expect(await back(1)).toEqual({ outcome: 'exceeds_captured' });
  });

  it('of a cancellation leave out what an operator has paid in another way', async () => {
    const orderId = await pay();
    const refundId = await fail(orderId, 4000);
    await database.store.settleRefund({ orderId, refundId, operator: 'anna' });
    expect(await database.store.cancelPaidOrder({ orderId })).toMatchObject({ status: 'CANCELLED' });
    expect((await read(orderId)).refundedMinor).toBe(capturedMinor - 4000);
    expect(await request(orderId, { amountMinor: 1 })).toEqual({ outcome: 'exceeds_captured' });
  });

  it('return all money and all units exactly once, even if a cancellation runs at the same time', async () => {
    for (let round = 0; round < 50; round += 1) {
      const orderId = await pay();
      const restock = [{ productId: 1, quantity: 1 }];
      const [asked, state] = await Promise.all([
        request(orderId, { amountMinor: 5000, ...(round % 2 === 0 && { restock }) }),
        database.store.cancelPaidOrder({ orderId }),
      ]);
      expect(state.status).toBe('CANCELLED');
      const { refundedMinor, refunds } = await read(orderId);
      const amounts = refunds.map(({ amountMinor }) => amountMinor).toSorted((one, other) => one - other);
      expect(amounts).toEqual(asked?.outcome === 'requested' ? [5000, capturedMinor - 5000] : [capturedMinor]);
      expect(refundedMinor).toBe(capturedMinor);
      expect((await stockOf(database.sql)).inventory).toBe(100);
    }
  });

  it('are made again by a cancellation if they failed before a restore of Postgres', async () => {
    for (const status of ['failed', 'succeeded'] as const) {
      const orderId = await pay();
      const before = gatewayMade({ refundId: ownRefundId(orderId), amountMinor: 9999, status });
      const payment = { capturedMinor, refunds: [before], disputes: [] };
      await database.store.recordLedger({ orderId, payment });
      expect(await database.store.cancelPaidOrder({ orderId })).toMatchObject({ status: 'CANCELLED' });
      const { refundedMinor, refunds } = await read(orderId);
      const again = { amountMinor: capturedMinor, status: 'pending', source: 'cancellation' };
      // A refund that the gateway has made keeps its amount, and an operator decides about the rest.
      const kept = { amountMinor: 9999, status: 'succeeded' };
      expect(refunds).toMatchObject([status === 'failed' ? again : kept]);
      expect(refundedMinor).toBe(refunds[0]?.amountMinor);
    }
  });

  it('are recorded once for a late payment, even if its amount differs from the total of the order', async () => {
    const orderId = await place();
    await database.store.cancelOrder({ orderId, reason: 'payment_expired' });
    const latePayment = { capturedMinor: 1, eventId: 'evt_1' };
    const ref = { orderId, refundId: ownRefundId(orderId) };
    expect(await database.store.beginRefund(ref)).toBeNull();
    const begun = await Promise.all(
      Array.from({ length: 5 }, () => database.store.beginRefund({ ...ref, latePayment })),
    );
    for (const refund of begun) expect(refund).toMatchObject({ amountMinor: 1, source: 'late_payment' });
    expect(await read(orderId)).toMatchObject({ capturedMinor: 1, refundedMinor: 1, paymentStatus: 'refunding' });
  });

  it('do not begin while the order is pending', async () => {
    const orderId = await place();
    const latePayment = { capturedMinor };
    expect(await database.store.beginRefund({ orderId, refundId: ownRefundId(orderId), latePayment })).toBeNull();
    expect((await read(orderId)).status).toBe('PENDING');
  });

  it('are listed until the gateway has made them', async () => {
    const orderId = await pay();
    const refundId = newRefundId();
    await request(orderId, { refundId, amountMinor: 1 });
    const list = async () =>
      (await database.store.listRefundsToMake({ waitingMs: 0, limit: 1000 })).filter(
        (refund) => refund.refundId === refundId,
      );
    expect(await list()).toMatchObject([{ refundId, orderId, orderStatus: 'PAID' }]);
    await record(orderId, gatewayMade({ refundId, amountMinor: 1, status: 'pending' }));
    expect(await list()).toEqual([]);
    expect((await read(orderId)).paymentStatus).toBe('refunding');
  });
});

import { countBlocked, createTestDatabase, eventually, newOrderId, type TestDatabase } from '@widget-store/tests';
import type { GatewayDispute, GatewayRefund } from '@widget-store/contract';

const capturedMinor = 9999;

describe('the disputes of an order', () => {
  let database: TestDatabase;
  let ids = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const newId = (prefix: string) => `${prefix}_${String(++ids).padStart(32, '0')}`;

  async function pay(): Promise<string> {
    const orderId = newOrderId();
    const request = { fingerprint: 'f', requestId: 'r', paymentWindowMs: 60_000 };
    const lines = [{ productId: 1, quantity: 1 }];
    await database.store.placeOrder({ ...request, idempotencyKey: orderId, orderId, lines });
    await database.store.markOrderPaid({ orderId, paymentEventId: 'evt_1' });
    return orderId;
  }
  async function ask(
    orderId: string,
    amountMinor: number | null = null,
    replaces: string | null = null,
  ): Promise<{ outcome?: string; refundId: string }> {
    const asked = { fingerprint: 'f', reason: null, requestedBy: 'anna', restock: [], amountMinor, replaces };
    const request = { orderId, refundId: newId('ref'), ...asked };
    return { refundId: request.refundId, ...(await database.store.requestRefund(request)) };
  }
  const read = async (orderId: string) => {
    const record = await database.store.readOrderRecord(orderId);
    if (record === undefined) throw new Error('there is no such order');
    return record;
  };
  const newDispute = (overrides: Partial<GatewayDispute> = {}): GatewayDispute => ({
    gatewayDisputeId: newId('dp'),
    amountMinor: capturedMinor,
    status: 'open',
    reason: 'fraudulent',
    createdAt: new Date().toISOString(),
    ...overrides,
  });
  const newRefund = (overrides: Partial<GatewayRefund> = {}): GatewayRefund => ({
    gatewayRefundId: newId('re'),
    refundId: null,
    amountMinor: 2000,
    status: 'succeeded',
    createdAt: new Date().toISOString(),
    ...overrides,
  });
  const record = (orderId: string, ledger: { refunds?: GatewayRefund[]; disputes?: GatewayDispute[] }) =>
    database.store.recordLedger({ orderId, payment: { capturedMinor, refunds: [], disputes: [], ...ledger } });
  const attentionOf = async (orderId: string) =>
    (await database.store.listAttention({ limit: 100 })).filter((item) => item.orderId === orderId);

  it('reduce the refundable amount until they are won, and are recorded once', async () => {
    const orderId = await pay();
    const dispute = newDispute({ amountMinor: 6000 });
    await record(orderId, { disputes: [dispute] });
    const once = await read(orderId);
    expect(once.disputes).toMatchObject([{ status: 'open' }]);
    await record(orderId, { disputes: [dispute] });
    expect(await read(orderId)).toEqual(once);
    expect(await ask(orderId, 3999)).toMatchObject({ outcome: 'requested' });
    expect(await ask(orderId, 1)).toMatchObject({ outcome: 'exceeds_captured' });
    const lost = { ...dispute, status: 'lost' } as const;
    await record(orderId, { disputes: [lost] });
    expect(await ask(orderId, 1)).toMatchObject({ outcome: 'exceeds_captured' });
    const { order, disputes } = await read(orderId);
    expect(await database.store.readDisputeStatuses([orderId])).toEqual(new Map([[orderId, ['lost']]]));
    expect(order.lostMinor).toBe(6000);
    expect(order).toMatchObject({ disputedMinor: 6000, refundedMinor: 3999, paymentStatus: 'refunding' });
    expect(disputes).toMatchObject([{ status: 'lost', amountMinor: 6000, reason: 'fraudulent' }]);
    await record(orderId, { disputes: [{ ...dispute, status: 'won' }] });
    expect(await ask(orderId)).toMatchObject({ outcome: 'requested', refund: { amountMinor: capturedMinor - 3999 } });
  });

  it('of a refunded order can exceed what is left', async () => {
    const orderId = await pay();
    await record(orderId, { refunds: [newRefund()] });
    await record(orderId, { disputes: [newDispute()] });
    expect((await read(orderId)).order).toMatchObject({
      status: 'PAID',
      paymentStatus: 'partially_refunded',
      refundedMinor: 2000,
      disputedMinor: capturedMinor,
    });
    expect(await ask(orderId)).toMatchObject({ outcome: 'exceeds_captured' });
  });

  it('reduce the refund of a cancellation, or leave nothing to refund', async () => {
    const [partly, wholly] = [await pay(), await pay()];
    await record(partly, { disputes: [newDispute({ amountMinor: 9000 })] });
    expect(await database.store.cancelPaidOrder({ orderId: partly })).toMatchObject({ paymentStatus: 'refunding' });
    expect((await read(partly)).order.refunds).toMatchObject([{ amountMinor: 999, source: 'cancellation' }]);
    await record(wholly, { disputes: [newDispute()] });
    expect(await database.store.cancelPaidOrder({ orderId: wholly })).toMatchObject({ status: 'CANCELLED' });
    expect((await read(wholly)).order).toMatchObject({ refunds: [], paymentStatus: 'paid' });
  });

  it('at the same moment as a refund never let the refund exceed what is left', async () => {
    for (let round = 0; round < 20; round += 1) {
      const orderId = await pay();
      await Promise.all([ask(orderId, 5000), record(orderId, { disputes: [newDispute({ amountMinor: 6000 })] })]);
      const { order } = await read(orderId);
      expect(order).toMatchObject({ disputedMinor: 6000, refundedMinor: 0 });
    }
  });

  it('need an operator while they are open', async () => {
    const orderId = await pay();
    const dispute = newDispute({ amountMinor: 6000, createdAt: '2026-01-01T00:00:00.000Z' });
    await record(orderId, { disputes: [dispute] });
    const [{ disputeId } = { disputeId: '' }] = (await read(orderId)).disputes;
    const item = {
      kind: 'dispute_open',
      orderId,
      sequence: (await read(orderId)).order.sequence,
      refundId: null,
      disputeId,
      event: null,
      amountMinor: 6000,
      currency: 'USD',
    };
    expect(await attentionOf(orderId)).toEqual([{ ...item, since: '2026-01-01T00:00:00.000Z' }]);
    await record(orderId, { disputes: [{ ...dispute, status: 'won' }] });
    expect(await attentionOf(orderId)).toEqual([]);
  });

  it('that leave nothing to refund take a failed refund off the attention list; a replacement of the refund does too', async () => {
    const [replaced, empty] = [await pay(), await pay()];
    const failed = newRefund({ amountMinor: 3000 });
    await record(replaced, { refunds: [failed] });
    await ask(replaced, 3000);
    expect(await attentionOf(replaced)).toEqual([]);
    await record(replaced, { refunds: [{ ...failed, status: 'failed' }] });
    const item = { kind: 'refund_failed', orderId: replaced, amountMinor: 3000, disputeId: null };
    expect(await attentionOf(replaced)).toMatchObject([item]);
    await ask(replaced, 1000);
    const [{ refundId } = { refundId: null }] = await attentionOf(replaced);
    await ask(replaced, 2000, refundId);
    expect(await attentionOf(replaced)).toEqual([]);

    await record(empty, { refunds: [newRefund({ status: 'failed' })] });
    expect(await attentionOf(empty)).toHaveLength(1);
    await record(empty, { disputes: [newDispute()] });
    expect((await attentionOf(empty)).map(({ kind }) => kind)).toEqual(['dispute_open']);
  });

  it('are counted by kind, however many other things need an operator', async () => {
    const before = await database.store.countAttention();
    const [disputed, refunded] = [await pay(), await pay()];
    await database.sql`
      insert into outgoing_events (event_id, order_id, type, data, due_at, failed_at)
      select 'evt_' || n, ${disputed}, 'order.paid', '{}', null, now() from generate_series(1, 1500) as n`;
    await database.sql`
      insert into refunds (refund_id, order_id, amount_minor, status, source)
      select 'ref_' || n, ${refunded}, 1, 'failed', 'gateway' from generate_series(1, 1500) as n`;
    await record(disputed, { disputes: [newDispute()] });
    expect(await database.store.countAttention()).toEqual({
      refund_failed: before.refund_failed + 1500,
      dispute_open: before.dispute_open + 1,
      money_kept: before.money_kept,
      stock_kept: before.stock_kept,
      event_failed: 1500,
    });
    await database.sql`delete from outgoing_events`;
    await database.sql`delete from refunds where order_id = ${refunded}`;
  });

  it('that are won after a cancellation leave money, and a decision to keep it holds until a dispute changes', async () => {
    const orderId = await pay();
    const { store } = database;
    const dispute = newDispute();
    const keep = () => store.keepMoney({ orderId, operator: 'anna' });
    await record(orderId, { disputes: [dispute] });
    await store.cancelPaidOrder({ orderId });
    expect([await keep(), (await attentionOf(orderId)).map(({ kind }) => kind)]).toEqual([false, ['dispute_open']]);
    await record(orderId, { disputes: [{ ...dispute, status: 'won' }] });
    const kept = await database.sql.begin(async (other) => {
      await other`select from orders where order_id = ${orderId} for update`;
      const started = Array.from({ length: 5 }, keep);
      await eventually(
        () => countBlocked(database.sql),
        (blocked) => blocked === started.length,
      );
      return { all: Promise.all(started) };
    });
    expect(await kept.all).toEqual([true, true, true, true, true]);
    expect([await keep(), await attentionOf(orderId)]).toEqual([true, []]);
    expect((await read(orderId)).actions).toMatchObject([{ kind: 'keep_money', operator: 'anna' }]);
    await record(orderId, { disputes: [dispute] });
    expect(await keep()).toBe(false);
    await record(orderId, { disputes: [{ ...dispute, status: 'won' }] });
    expect((await attentionOf(orderId)).map(({ kind }) => kind)).toEqual(['money_kept']);
    expect(await ask(orderId)).toMatchObject({ outcome: 'requested' });
  });

  it('that are won after a cancellation leave money that an operator must decide about', async () => {
    const orderId = await pay();
    const dispute = newDispute();
    await record(orderId, { disputes: [dispute] });
    await database.store.cancelPaidOrder({ orderId });
    await record(orderId, { disputes: [{ ...dispute, status: 'lost' }] });
    expect(await attentionOf(orderId)).toEqual([]);
    await record(orderId, { disputes: [{ ...dispute, status: 'won' }] });
    expect(await attentionOf(orderId)).toMatchObject([
      { kind: 'money_kept', amountMinor: capturedMinor, refundId: null, disputeId: null },
    ]);
    const { refundId } = await ask(orderId);
    expect(await attentionOf(orderId)).toEqual([]);
    const failed = newRefund({ refundId, amountMinor: capturedMinor, status: 'failed' });
    await record(orderId, { refunds: [failed], disputes: [{ ...dispute, status: 'won' }] });
    expect((await attentionOf(orderId)).map(({ kind }) => kind)).toEqual(['refund_failed']);
    await database.store.settleRefund({ orderId, refundId, operator: 'anna' });
    expect(await attentionOf(orderId)).toEqual([]);
  });
});

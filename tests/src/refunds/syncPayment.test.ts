import { anomalyKinds } from '@widget-store/contract';
import { paymentSignal } from '@widget-store/workflows/messages';
import { setAvailable } from '../support/store/database';
import { flakyGateway } from '../support/gateway/flakyGateway';
import { newRefund } from '../support/gateway/gateway';
import { untilScheduled } from '../support/histories/historyStage';
import { openWorkflowBench, type StartedCheckout, type WorkflowBench } from '../support/temporal/workflows';

describe('refunds and disputes at the gateway', () => {
  let bench: WorkflowBench;
  const flaky = flakyGateway();

  beforeAll(async () => {
    bench = await openWorkflowBench({ tickMs: 10, gateway: flaky });
    await setAvailable(bench.database.store, 100);
  });
  afterAll(() => bench.close());

  async function buy(): Promise<StartedCheckout> {
    const placed = await bench.checkout();
    await bench.gateway.settle(placed.paymentId, 'pay');
    await placed.run.signal(paymentSignal, { status: 'paid', eventId: 'evt_1' });
    await placed.run.result();
    return placed;
  }
  const sync = async (placed: StartedCheckout) => {
    const run = await bench.syncPayment(placed);
    await run.result();
  };
  const refundsOf = async (placed: StartedCheckout) =>
    (await bench.readOrder(placed)).refunds.map(({ source, status, amountMinor }) => [source, status, amountMinor]);
  const disputesOf = async ({ orderId }: StartedCheckout) =>
    ((await bench.database.store.readOrderRecord(orderId))?.disputes ?? []).map(({ status }) => status);
  /**
   * Returns only the anomalies of the ledger. Without a grace period, the reconciler also reports runs that are still
   * working.
   */
  const ledgerAnomaliesOf = ({ orderId }: StartedCheckout) =>
    bench.monitor.kindsOf(orderId).filter((kind) => anomalyKinds.ledger.some((ofLedger) => ofLedger === kind));
  const request = async (placed: StartedCheckout, amountMinor: number) => {
    const asked = newRefund(placed, amountMinor);
    return { ...asked, ...(await bench.database.store.requestRefund(asked)) };
  };
  const make = async ({ orderId, refundId }: { orderId: string; refundId: string }) => {
    const run = await bench.refund({ orderId, refundId });
    await run?.result();
  };

  it('are recorded once, however often they are reported', async () => {
    const placed = await buy();
    await bench.gateway.refundInDashboard(placed.paymentId, 2000);
    await bench.gateway.openDispute(placed.paymentId, 9999);
    await Promise.all([sync(placed), sync(placed), sync(placed)]);
    await sync(placed);
    await bench.reconcile();
    expect(await refundsOf(placed)).toEqual([['gateway', 'succeeded', 2000]]);
    expect(await disputesOf(placed)).toEqual(['open']);
    expect(bench.monitor.refunds).toEqual(['gateway']);
    expect(ledgerAnomaliesOf(placed)).toEqual([]);
  });

  it('are recorded by the reconciler if no event arrives', async () => {
    const placed = await buy();
    await bench.gateway.refundInDashboard(placed.paymentId, 2000);
    const gatewayDisputeId = await bench.gateway.openDispute(placed.paymentId, 7999);
    await bench.reconcile();
    expect(await refundsOf(placed)).toEqual([['gateway', 'succeeded', 2000]]);
    expect(await disputesOf(placed)).toEqual(['open']);
    await bench.gateway.closeDispute(placed.paymentId, gatewayDisputeId, 'lost');
    await bench.reconcile();
    expect(await disputesOf(placed)).toEqual(['lost']);
    expect(await request(placed, 1)).toMatchObject({ outcome: 'exceeds_captured' });
    expect(ledgerAnomaliesOf(placed)).toEqual([]);
  });

  it('are recorded after the gateway was away', async () => {
    const placed = await buy();
    flaky.failFor(placed.paymentId, 'GatewayUnavailable');
    const run = await bench.syncPayment(placed);
    await untilScheduled(run, 'syncPayment');
    await bench.gateway.refundInDashboard(placed.paymentId, 2000);
    await bench.syncPayment(placed);
    flaky.heal();
    await run.result();
    expect(await refundsOf(placed)).toEqual([['gateway', 'succeeded', 2000]]);
  });

  it('that an operator has asked for are not made again', async () => {
    const placed = await buy();
    const asked = await request(placed, 2000);
    const key = { refundId: asked.refundId, idempotencyKey: `refund/${asked.refundId}` };
    await bench.gateway.refund({ paymentId: placed.paymentId, amountMinor: 2000, ...key });
    await sync(placed);
    await make(asked);
    expect(await refundsOf(placed)).toEqual([['operator', 'succeeded', 2000]]);
    expect(await bench.gateway.refunds(placed.paymentId)).toBe(1);
  });

  it("that leave too little for an operator's refund make that refund fail", async () => {
    const placed = await buy();
    await request(placed, 6000);
    await bench.gateway.refundInDashboard(placed.paymentId, 9000);
    await sync(placed);
    expect(await refundsOf(placed)).toEqual([
      ['operator', 'failed', 6000],
      ['gateway', 'succeeded', 9000],
    ]);
  });

  it('that fail later free their amount', async () => {
    const placed = await buy();
    await make(await request(placed, 9999));
    expect(await request(placed, 1)).toMatchObject({ outcome: 'exceeds_captured' });
    const payment = await bench.gateway.getPayment(placed.paymentId);
    await bench.gateway.failRefund(placed.paymentId, String(payment?.refunds[0]?.gatewayRefundId));
    await sync(placed);
    expect(await refundsOf(placed)).toEqual([['operator', 'failed', 9999]]);
    await make(await request(placed, 9999));
    expect(await bench.readOrder(placed)).toMatchObject({ paymentStatus: 'refunded', refundedMinor: 9999 });
  });
});

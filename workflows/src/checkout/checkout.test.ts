import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { type Activities, dispatchWorkflowId, type OrderState, workflowTypes } from '@widget-store/contract';
import { inheritedEnvironment, resolveTemporalBinary } from '@widget-store/dev';
import { bundleWorkflows } from '@widget-store/worker';
import { cancelUpdate, paymentSignal, reservationUpdate } from '../messages';
import { checkoutStart } from '../starts';

const order: OrderState = { paymentId: 'pay_1', status: 'PENDING', paymentStatus: 'pending', cancelReason: null };
const rest = { totalMinor: 9999, currency: 'USD', expiresAt: '2030-01-01T00:00:00.000Z' };
const paid: OrderState = { ...order, status: 'PAID', paymentStatus: 'paid' };

/** Each case has its own ids, because a dispatch does not start if an earlier dispatch with its id has completed. */
function startOf(key: string) {
  const ids = { idempotencyKey: key, orderId: key, fingerprint: 'f', requestId: 'r' };
  const lines = [{ productId: 1, quantity: 1 }];
  return checkoutStart({ ...ids, lines, paymentWindowMs: 60_000, publicUrl: 'https://shop.example' });
}

type Act = (run: WorkflowHandle) => Promise<unknown>;
const pay =
  (status: string): Act =>
  (run) =>
    run.signal(paymentSignal, { status, eventId: 'evt_1' });
const cancel: Act = (run) => run.executeUpdate(cancelUpdate);
const nothing: Act = () => Promise.resolve();

/**
 * Whole checkouts in which every activity is replaced: neither Postgres nor the gateway runs. Tests with the real
 * activities are in `tests/src/checkout/checkoutWorkflow.test.ts`.
 */
describe('the checkout workflow with replaced activities', () => {
  let temporal: TestWorkflowEnvironment;
  let workflowBundle: WorkflowBundle;

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('WARN') });
    const executable = {
      type: 'existing-path',
      path: await resolveTemporalBinary({ environment: inheritedEnvironment() }),
    } as const;
    const searchAttributes = startOf('any').typedSearchAttributes.map(({ key }) => key);
    // `createTimeSkipping` would skip the payment window, but needs another download, which does not exist for ARM.
    temporal = await TestWorkflowEnvironment.createLocal({ server: { executable, searchAttributes } });
    workflowBundle = await bundleWorkflows();
  });
  afterAll(() => temporal.teardown());

  /** Runs one checkout and its dispatch. Resolves with the checkout's result, and the calls of activities in order. */
  async function play(
    key: string,
    { paymentWindowLeftMs = 60_000, placedBy = 'r', whilePlacing = nothing, whenPlaced = nothing },
  ) {
    const start = startOf(key);
    const [request] = start.args;
    const calls: string[] = [];
    const returns = async <Result>(name: keyof Activities, result: Result): Promise<Result> => {
      calls.push(name);
      return result;
    };
    const activities: Partial<Activities> = {
      placeOrder: async () => {
        await whilePlacing(run);
        return returns('placeOrder', { ...request, ...order, ...rest, requestId: placedBy, paymentWindowLeftMs });
      },
      markOrderPaid: () => returns('markOrderPaid', paid),
      cancelOrder: ({ reason }) => returns('cancelOrder', { ...order, status: 'CANCELLED', cancelReason: reason }),
      closePayment: () => returns('closePayment', null),
      dispatchOrder: () => returns('dispatchOrder', { ...paid, status: 'DISPATCHED' }),
    };
    const { client, nativeConnection: connection } = temporal;
    const run = await client.workflow.start(workflowTypes.checkout, { ...start, taskQueue: key });
    const worker = await Worker.create({ connection, taskQueue: key, workflowBundle, activities });
    const result = await worker.runUntil(async () => {
      await run.executeUpdate(reservationUpdate);
      await whenPlaced(run);
      const ended = (await run.result()) as OrderState;
      if (ended.status === 'PAID') await client.workflow.getHandle(dispatchWorkflowId(request.orderId)).result();
      return ended;
    });
    return { result, calls };
  }

  it('paid: marks the order paid, and dispatches it', async () => {
    const { result, calls } = await play('paid', { whenPlaced: pay('paid') });
    expect(result).toMatchObject({ orderId: 'paid', status: 'PAID' });
    expect(calls).toEqual(['placeOrder', 'markOrderPaid', 'dispatchOrder']);
  });

  it('declined: cancels the order', async () => {
    const { result, calls } = await play('declined', { whenPlaced: pay('failed') });
    expect(result).toMatchObject({ status: 'CANCELLED', cancelReason: 'payment_failed' });
    expect(calls).toEqual(['placeOrder', 'cancelOrder']);
  });

  it('expired: asks the gateway for the payment, and cancels the order', async () => {
    const { result, calls } = await play('expired', { paymentWindowLeftMs: 1 });
    expect(result).toMatchObject({ status: 'CANCELLED', cancelReason: 'payment_expired' });
    expect(calls).toEqual(['placeOrder', 'closePayment', 'cancelOrder']);
  });

  it('cancelled before anybody opened the payment page: does not ask the gateway', async () => {
    const { result, calls } = await play('cancelled', { whenPlaced: cancel });
    expect(result).toMatchObject({ status: 'CANCELLED', cancelReason: 'cancelled' });
    expect(calls).toEqual(['placeOrder', 'cancelOrder']);
  });

  it('cancelled in a run that took over: closes the page that the lost run may have opened', async () => {
    const { calls } = await play('tookOver', { placedBy: 'the request of the lost run', whenPlaced: cancel });
    expect(calls).toEqual(['placeOrder', 'cancelOrder', 'closePayment']);
  });

  it('paid before the order is placed: keeps the payment until then', async () => {
    const { result, calls } = await play('early', { whilePlacing: pay('paid') });
    expect(result).toMatchObject({ status: 'PAID' });
    expect(calls).toEqual(['placeOrder', 'markOrderPaid', 'dispatchOrder']);
  });
});

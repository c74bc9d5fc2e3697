import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '@widget-store/dev';
import type { OrderBody } from '@widget-store/api';
import { type Charge, openTill, type Till } from '../support/gateway/charges';
import { eventually } from '../support/eventually';
import { runEnds } from '../support/temporal/runEnds';
import { startTestStore, type TestStore } from '../support/store/store';
import { recordTicks, ticksOf, wholeDispatch } from '../support/store/ticks';

type Order = Partial<Pick<OrderBody, 'status' | 'payment_status' | 'cancel_reason'>>;

const tickMs = 300;
/** A cancellation must arrive before the last tick, even if Temporal delivers it only after a worker has restarted. */
const tickMsBeforeCancellation = 3000;

const dispatched: Order = { status: 'DISPATCHED', payment_status: 'paid' };
const refunded: Order = { status: 'CANCELLED', payment_status: 'refunded' };

interface Scenario {
  till: Till;
  store: TestStore;
  endsAs(charge: Charge, end: Order): Promise<void>;
  ticks(charge: Charge): Promise<number[]>;
}

const buyAndPay = async ({ till, endsAs, ticks }: Scenario): Promise<Charge> => {
  const charge = await till.charge();
  await till.tell(charge, 'paid');
  await endsAs(charge, dispatched);
  expect(await ticks(charge)).toEqual(wholeDispatch);
  return charge;
};

const buyWithAddress = async (scenario: Scenario): Promise<Charge> => {
  const charge = await buyAndPay(scenario);
  expect((await scenario.till.shopper.order(charge.orderId)).ship_to).toMatchObject({ address: { country: 'GB' } });
  return charge;
};

const decline = async ({ till, endsAs }: Scenario): Promise<Charge> => {
  const charge = await till.open();
  await till.gateway.settle(charge.paymentId, 'decline');
  await till.tell(charge, 'failed');
  await endsAs(charge, { status: 'CANCELLED', payment_status: 'failed', cancel_reason: 'payment_failed' });
  return charge;
};

const cancelPaid = async ({ till, endsAs }: Scenario): Promise<Charge> => {
  const charge = await till.charge();
  await till.tell(charge, 'paid');
  await till.cancel(charge);
  await endsAs(charge, { ...refunded, cancel_reason: 'cancelled' });
  return charge;
};

const shipManual = async ({ till, store, endsAs, ticks }: Scenario): Promise<Charge> => {
  const charge = await till.charge();
  await till.tell(charge, 'paid');
  await eventually(
    () => store.store.readOrdersToShip(),
    ({ count }) => count === 1,
  );
  expect((await till.ship(charge)).status).toBe(200);
  await endsAs(charge, dispatched);
  expect(await ticks(charge)).toEqual([10, 0]);
  return charge;
};

/**
 * The partial refund is less than half of the capture, so the gateway would accept it twice. A repeated refund would
 * therefore show in the ledger.
 */
const refundInPartAndCancel = async ({ till, endsAs }: Scenario): Promise<Charge> => {
  const charge = await till.charge();
  await till.tell(charge, 'paid');
  expect((await till.refund(charge, { amount_minor: 2000 })).status).toBe(202);
  await till.cancel(charge);
  await endsAs(charge, { ...refunded, cancel_reason: 'cancelled' });
  return charge;
};

const payTooLate = async ({ till, endsAs }: Scenario): Promise<Charge> => {
  const charge = await till.charge();
  await till.tell(charge, 'failed');
  await till.tell(charge, 'paid');
  await endsAs(charge, { ...refunded, cancel_reason: 'payment_failed' });
  return charge;
};

const cancels = (play: (scenario: Scenario) => Promise<Charge>): boolean =>
  [cancelPaid, refundInPartAndCancel].includes(play);

function scenarioOf({ till, store }: { till: Till; store: TestStore }): Scenario {
  const endsAs: Scenario['endsAs'] = async (charge, end) => {
    const order = await eventually(
      () => till.shopper.order(charge.orderId),
      ({ status, payment_status: paymentStatus }) => status === end.status && paymentStatus === end.payment_status,
      { deadlineMs: 60_000 },
    );
    expect(order).toMatchObject(end);
  };
  return { till, store, endsAs, ticks: ({ orderId }) => ticksOf(store.sql, orderId) };
}

/**
 * If the worker dies after the commit of an activity and before its report, Temporal runs the activity again. Money and
 * stock must still be right. Temporal retries an activity only after the timeout of the first attempt. The tests run
 * concurrently, so that these waits overlap.
 */
describe('a worker killed after the commit and before the report', () => {
  it.concurrent.each<[string, (scenario: Scenario) => Promise<Charge>]>([
    ['placeOrder', decline],
    ['createPayment', decline],
    ['markOrderPaid', buyAndPay],
    ['recordBuyer', buyWithAddress],
    ['tick 9', buyAndPay],
    ['tick 0', buyAndPay],
    ['dispatchOrder', shipManual],
    ['cancelOrder', decline],
    ['cancelPaidOrder', cancelPaid],
    ['beginRefund', payTooLate],
    ['refundPayment', refundInPartAndCancel],
    ['recordRefund', payTooLate],
  ])('of %s: the order ends as it does without a crash', async (effect, play) => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory.path, effect), '');
    const store = await startTestStore({
      demo: false,
      worker: { tickMs: cancels(play) ? tickMsBeforeCancellation : tickMs, crashDir: directory.path },
      ...(play === shipManual && { extraEnvironment: { worker: { FULFILMENT: 'manual' } } }),
      ...(play === buyWithAddress && { extraEnvironment: { worker: { COLLECT_ADDRESS: 'GB' } } }),
    });
    try {
      await recordTicks(store.sql);
      const { worker } = store.processes;
      const { pid } = worker;
      const till = await openTill(store);
      const charge = await play(scenarioOf({ till, store }));
      const ends = await runEnds(store.workflows, charge);

      expect(await readdir(directory.path)).toEqual([`${effect}.${pid}`]);
      expect([worker.restarts, worker.pid === pid]).toEqual([1, false]);
      expect(new Set(ends)).toEqual(new Set(['COMPLETED']));
      await till.expectExact();
      const { refunds } = await till.shopper.order(charge.orderId);
      expect(await till.gateway.refunds(charge.paymentId)).toBe(refunds.length);
      expect(await store.sql`select 1 from orders`).toHaveLength(1);
    } finally {
      await store.close();
      await directory.remove();
    }
  });
});

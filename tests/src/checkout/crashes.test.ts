import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '@widget-store/dev';
import type { OrderBody } from '@widget-store/api';
import { type Charge, openTill, type Till } from '../support/gateway/charges';
import { eventually } from '../support/eventually';
import { runEnds } from '../support/temporal/runEnds';
import { startTestStore, type TestStore, type TestStoreOptions } from '../support/store/store';
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
 * The stores of these tests. `one` and `other` have the same options, so that half of their tests need not wait for the
 * other half. `slow` is for cancellations of paid orders.
 */
const storeOptions = {
  one: {},
  other: {},
  slow: { worker: { tickMs: tickMsBeforeCancellation } },
  manual: { extraEnvironment: { worker: { FULFILMENT: 'manual' } } },
  withAddress: { extraEnvironment: { worker: { COLLECT_ADDRESS: 'GB' } } },
} satisfies Record<string, TestStoreOptions>;

type StoreName = keyof typeof storeOptions;

interface CrashingStore extends Scenario {
  /** See `TestWorkerOptions.crashDir`. */
  crashDir: string;
  close(): Promise<void>;
}

async function openCrashingStore(name: StoreName): Promise<CrashingStore> {
  const { path: crashDir, remove } = await temporaryDirectory();
  const { worker, ...options }: TestStoreOptions = storeOptions[name];
  const store = await startTestStore({ demo: false, ...options, worker: { tickMs, crashDir, ...worker } });
  await recordTicks(store.sql);
  const close = async (): Promise<void> => {
    await store.close();
    await remove();
  };
  return { ...scenarioOf({ till: await openTill(store), store }), crashDir, close };
}

/**
 * If the worker dies after the commit of an activity and before its report, Temporal runs the activity again. Money and
 * stock must still be right. Temporal retries an activity only after the timeout of the first attempt. The tests of
 * different stores run concurrently, so that these waits overlap.
 */
describe('a worker killed after the commit and before the report', () => {
  const stores = new Map<StoreName, Promise<CrashingStore>>();
  /** For each store, resolves when the last of its tests so far has ended. */
  const ends = new Map<StoreName, Promise<unknown>>();
  afterAll(async () => {
    for (const opened of stores.values()) await (await opened).close();
  });

  /** Plays on a store after the earlier tests of this store have ended. */
  function playOn(name: StoreName, play: (scenario: CrashingStore) => Promise<void>): Promise<void> {
    const opened = stores.get(name) ?? openCrashingStore(name);
    stores.set(name, opened);
    const earlier = ends.get(name) ?? Promise.resolve();
    const played = earlier.then(async () => play(await opened));
    ends.set(
      name,
      played.catch(() => {}),
    );
    return played;
  }

  it.concurrent.each<[string, (scenario: Scenario) => Promise<Charge>, StoreName]>([
    ['placeOrder', decline, 'one'],
    ['createPayment', decline, 'other'],
    ['recordBuyer', buyWithAddress, 'withAddress'],
    ['cancelPaidOrder', cancelPaid, 'slow'],
    ['dispatchOrder', shipManual, 'manual'],
    ['markOrderPaid', buyAndPay, 'one'],
    ['tick 0', buyAndPay, 'other'],
    ['tick 9', buyAndPay, 'withAddress'],
    ['refundPayment', refundInPartAndCancel, 'slow'],
    ['cancelOrder', decline, 'manual'],
    ['beginRefund', payTooLate, 'one'],
    ['recordRefund', payTooLate, 'other'],
  ])('of %s: the order ends as it does without a crash', (effect, play, name) =>
    playOn(name, async (scenario) => {
      const { till, store, crashDir } = scenario;
      const { worker } = store.processes;
      const { pid, restarts } = worker;
      const orders = await store.sql`select 1 from orders`;
      await writeFile(join(crashDir, effect), '');
      try {
        const charge = await play(scenario);
        const runs = await runEnds(store.workflows, charge);

        expect(await readdir(crashDir)).toEqual([`${effect}.${pid}`]);
        expect([worker.restarts, worker.pid === pid]).toEqual([restarts + 1, false]);
        expect(new Set(runs)).toEqual(new Set(['COMPLETED']));
        await till.expectExact();
        const { refunds } = await till.shopper.order(charge.orderId);
        expect(await till.gateway.refunds(charge.paymentId)).toBe(refunds.length);
        expect(await store.sql`select 1 from orders`).toHaveLength(orders.length + 1);
      } finally {
        // The next test of this store must neither crash at this effect nor find its file.
        for (const file of await readdir(crashDir)) await rm(join(crashDir, file));
      }
    }),
  );
});

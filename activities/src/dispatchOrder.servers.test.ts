import { MockActivityEnvironment } from '@temporalio/testing';
import {
  createTestDatabase,
  newOrderId,
  noRuns,
  recordTicks,
  startPostgresProxy,
  type TestDatabase,
  testGateway,
  testMonitor,
  ticksOf,
  wholeDispatch,
} from '@widget-store/tests';
import type { Activities } from '@widget-store/contract';
import { openStore } from '@widget-store/db';
import { type ActivitySettings, createActivities } from './createActivities';

const request = () => {
  const orderId = newOrderId();
  const lines = [{ productId: 1, quantity: 1 }];
  return { orderId, idempotencyKey: orderId, fingerprint: 'f', requestId: 'r', paymentWindowMs: 60_000, lines };
};

describe('the activity dispatchOrder', () => {
  let database: TestDatabase;
  let activities: Activities;
  const others = {
    gateway: testGateway(),
    runs: noRuns,
    monitor: testMonitor(),
    settings: { storefrontUrl: 'http://127.0.0.1:9', fulfilment: 'demo' as const, shippingCountries: null },
    tickMs: 20,
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    await recordTicks(database.sql);
    activities = createActivities({ store: database.store, ...others });
  });
  afterAll(() => database.drop());

  const paidOrder = async (): Promise<string> => {
    const { orderId } = await activities.placeOrder(request());
    await activities.markOrderPaid({ orderId });
    return orderId;
  };
  const dispatch = (orderId: string) => new MockActivityEnvironment().run(activities.dispatchOrder, { orderId });
  const stateOf = async (orderId: string) => {
    const { status, progressRemaining } = await database.store.readDispatchProgress({ orderId });
    return { status, progressRemaining };
  };

  it('ticks to zero and dispatches, and changes nothing when it runs again', async () => {
    const orderId = await paidOrder();
    await dispatch(orderId);
    expect(await stateOf(orderId)).toEqual({ status: 'DISPATCHED', progressRemaining: 0 });
    await dispatch(orderId);
    expect(await stateOf(orderId)).toEqual({ status: 'DISPATCHED', progressRemaining: 0 });
  });

  it('makes each tick once when two copies run', async () => {
    const orderId = await paidOrder();
    await Promise.all([dispatch(orderId), dispatch(orderId)]);
    expect(await stateOf(orderId)).toEqual({ status: 'DISPATCHED', progressRemaining: 0 });
    expect(await ticksOf(database.sql, orderId)).toEqual(wholeDispatch);
  });

  it('makes a manual order ready to ship, once, and neither ticks nor sends a heartbeat', async () => {
    const settings = { ...others.settings, fulfilment: 'manual' as const };
    const manual = createActivities({ store: database.store, ...others, settings });
    const { orderId } = await manual.placeOrder(request());
    await activities.markOrderPaid({ orderId });
    const states = await Promise.all(Array.from({ length: 10 }, () => activities.dispatchOrder({ orderId })));
    const paid = {
      status: 'PAID',
      paymentStatus: 'paid',
      cancelReason: null,
      paymentId: expect.any(String) as string,
    };
    expect(states).toEqual(states.map(() => paid));
    const events = await database.sql`select version from orders where order_id = ${orderId} and ready_at is not null`;
    expect([await ticksOf(database.sql, orderId), events]).toEqual([[], [{ version: 3 }]]);
  });

  it('executes 13 statements for a demo order and 4 for a manual one, and records no event without a receiver', async () => {
    const proxy = await startPostgresProxy(database.url);
    const counted = openStore({ url: proxy.url, applicationName: 'test', maxConnections: 1, deadlineMs: 10_000 });
    const statementsOf = async (changed: Partial<ActivitySettings>): Promise<number> => {
      const before = proxy.statements;
      const settings = { ...others.settings, ...changed };
      const { placeOrder, markOrderPaid, dispatchOrder } = createActivities({ ...others, store: counted, settings });
      const { orderId } = await placeOrder(request());
      await markOrderPaid({ orderId });
      await new MockActivityEnvironment().run(dispatchOrder, { orderId });
      return proxy.statements - before;
    };
    expect(await statementsOf({})).toBe(13);
    expect(await statementsOf({ shippingCountries: ['GB'] })).toBe(13);
    expect(await statementsOf({ fulfilment: 'manual' })).toBe(4);
    expect(await database.sql`select from outgoing_events`).toHaveLength(0);
    await counted.close();
    proxy.close();
  });

  it('continues where a dead worker stopped', async () => {
    const orderId = await paidOrder();
    await database.store.tickDispatch({ orderId, from: 10 });
    await database.store.tickDispatch({ orderId, from: 9 });
    const heartbeats: unknown[] = [];
    const environment = new MockActivityEnvironment();
    environment.on('heartbeat', (progress: unknown) => heartbeats.push(progress));
    await environment.run(activities.dispatchOrder, { orderId });
    expect(heartbeats).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('stops between two ticks when it is cancelled, and keeps the progress', async () => {
    const orderId = await paidOrder();
    const environment = new MockActivityEnvironment();
    environment.on('heartbeat', (progress: unknown) => {
      if (progress === 6) environment.cancel();
    });
    await expect(environment.run(activities.dispatchOrder, { orderId })).rejects.toThrow(/cancel/i);
    expect(await stateOf(orderId)).toEqual({ status: 'PAID', progressRemaining: 6 });
  });

  it('does nothing for an unpaid order', async () => {
    const { orderId } = await activities.placeOrder(request());
    await dispatch(orderId);
    expect(await stateOf(orderId)).toEqual({ status: 'PENDING', progressRemaining: 10 });
  });
});

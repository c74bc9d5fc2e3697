import { createTestDatabase, eventually, startPostgresProxy, type TestDatabase } from '@widget-store/tests';
import { watchOrderChanges } from './orderChanges';

const deadlineMs = 500;

describe('listening for changes of orders', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  function listen(url: string) {
    const seen = { changes: [] as string[], gaps: 0, deliveries: [] as boolean[] };
    const orderChanges = watchOrderChanges({
      url,
      applicationName: 'listener',
      deadlineMs,
      notify: (payload) => database.store.notifyListeners(payload),
      onChange: (orderId) => void seen.changes.push(orderId),
      onGap: () => void seen.gaps++,
      onDelivery: (arrives) => void seen.deliveries.push(arrives),
    });
    return { seen, orderChanges };
  }
  const change = (orderId: string) => database.sql`select pg_notify('order_changed', ${orderId})`;

  it('reports each change, but not the checks of other processes', async () => {
    const [one, other] = [listen(database.url), listen(database.url)];
    for (const { orderChanges } of [one, other]) await eventually(async () => orderChanges.arrive(), Boolean);
    const { gaps } = one.seen;
    await change('ord_1');
    await eventually(
      async () => one.seen.changes.length,
      (count) => count > 0,
    );
    expect(one.seen).toEqual({ changes: ['ord_1'], gaps, deliveries: [] });
    await Promise.all([one.orderChanges.close(), other.orderChanges.close()]);
  });

  it('reports that a pooler drops the notifications, and reports a gap every second until they arrive', async () => {
    let isPooled = true;
    const proxy = await startPostgresProxy(database.url, { dropsNotifications: () => isPooled });
    const { seen, orderChanges } = listen(proxy.url);
    await eventually(
      async () => seen,
      ({ deliveries, gaps }) => deliveries.length === 1 && gaps >= 2,
    );
    expect([orderChanges.arrive(), seen.deliveries]).toEqual([false, [false]]);
    isPooled = false;
    await eventually(
      async () => seen.deliveries,
      ({ length }) => length === 2,
    );
    await change('ord_2');
    await eventually(
      async () => seen.changes.length,
      (count) => count > 0,
    );
    expect([orderChanges.arrive(), seen.deliveries, seen.changes]).toEqual([true, [false, true], ['ord_2']]);
    await orderChanges.close();
    proxy.close();
  });

  it('reconnects if no notifications arrive: after a failover, the connection can lead to the old server', async () => {
    const proxy = await startPostgresProxy(database.url, { dropsNotifications: (connection) => connection === 1 });
    const { seen, orderChanges } = listen(proxy.url);
    await eventually(
      async () => seen.deliveries,
      ({ length }) => length === 2,
    );
    expect([orderChanges.arrive(), seen.deliveries]).toEqual([true, [false, true]]);
    await orderChanges.close();
    proxy.close();
  });
});

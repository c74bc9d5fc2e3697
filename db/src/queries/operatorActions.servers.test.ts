import { createTestDatabase, newOrderId, type TestDatabase } from '@widget-store/tests';

describe('the actions of operators', () => {
  let database: TestDatabase;
  let orderId = '';

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(async () => {
    orderId = newOrderId();
    const request = { fingerprint: 'f', requestId: 'r', paymentWindowMs: 60_000 };
    const lines = [{ productId: 1, quantity: 1 }];
    await database.store.placeOrder({ ...request, idempotencyKey: orderId, orderId, lines });
  });
  afterAll(() => database.drop());

  const actions = async () =>
    (await database.store.readOrderRecord(orderId))?.actions.map(({ kind, operator, subject }) => [
      kind,
      operator,
      subject,
    ]);

  it('name each operator who asks for a cancellation, once, and nobody who asks after the cancellation', async () => {
    const { store } = database;
    for (const operator of ['anna', 'anna', 'ben', 'anna']) await store.recordCancelRequest({ orderId, operator });
    await store.cancelOrder({ orderId, reason: 'cancelled' });
    await store.recordCancelRequest({ orderId, operator: 'carla' });
    await store.recordCancelRequest({ orderId: newOrderId(), operator: 'anna' });
    expect(await actions()).toEqual([
      ['cancel', 'anna', null],
      ['cancel', 'ben', null],
    ]);
  });

  it('record who erased a buyer, but not who repeats the call', async () => {
    for (const operator of ['anna', 'ben']) await database.store.eraseBuyer({ orderId, operator });
    expect(await actions()).toEqual([['erase_buyer', 'anna', null]]);
  });

  it('record who sent an event again, but not who repeats the call', async () => {
    const eventId = `evt_${orderId}`;
    await database.sql`
      insert into outgoing_events (event_id, order_id, type, data, due_at, failed_at)
      values (${eventId}, ${orderId}, 'order.paid', '{}', null, now())`;
    for (const operator of ['anna', 'ben']) await database.store.redeliverEvent({ eventId, operator });
    expect(await actions()).toEqual([['redeliver_event', 'anna', eventId]]);
  });
});

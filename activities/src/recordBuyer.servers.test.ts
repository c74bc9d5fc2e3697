import { MockActivityEnvironment } from '@temporalio/testing';
import { createTestDatabase, newOrderId, newPaymentId, type TestDatabase, testGateway } from '@widget-store/tests';
import type { Buyer, BuyerRow } from '@widget-store/db';
import type { PaymentGateway } from './gateway';
import { dispatchOrder } from './dispatchOrder';

const buyer: Buyer = {
  name: 'Ada Canary',
  email: 'ada@canary.example',
  phone: null,
  line1: '1 Canary\0Wharf',
  line2: ' ',
  city: 'London',
  postalCode: 'E14',
  region: null,
  country: 'GB',
};
const nothing = { name: null, email: null, phone: null, line1: null, city: null, country: null };

describe('the buyer of an order', () => {
  let database: TestDatabase;
  let orderId: string;
  let paymentId: string;
  let asked: string[];

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    asked = [];
    ({ orderId, paymentId } = await paidOrder());
  });

  async function paidOrder(columns: object = {}) {
    const ids = { orderId: newOrderId(), paymentId: newPaymentId() };
    const row = {
      order_id: ids.orderId,
      idempotency_key: ids.orderId,
      fingerprint: 'f',
      request_id: 'r',
      payment_id: ids.paymentId,
      status: 'PAID',
      payment_status: 'paid',
      total_minor: 9999,
      captured_minor: 9999,
      currency: 'USD',
      expires_at: new Date(),
      fulfilment: 'manual',
      shipping_countries: ['GB'],
      ...columns,
    };
    await database.sql`
      with placed as (insert into orders ${database.sql(row)} returning order_id)
      insert into order_items (order_id, product_id, name, quantity, unit_price_minor)
      select order_id, 1, 'Widget', 1, 9999 from placed`;
    return ids;
  }
  async function record(gateway: Partial<PaymentGateway> = {}): Promise<void> {
    const getBuyer = (id: string) => {
      asked.push(id);
      return Promise.resolve(buyer);
    };
    const deps = { store: database.store, gateway: { getBuyer, ...gateway }, tickMs: 1 };
    await new MockActivityEnvironment().run(() => dispatchOrder(deps, { orderId }));
  }
  const stored = () => database.store.readBuyer({ orderId });

  it('is copied once, without characters that Postgres refuses, however often the activity runs', async () => {
    await Promise.all([record(), record(), record()]);
    const before = asked.length;
    await record();
    expect(asked).toHaveLength(before);
    expect(await stored()).toMatchObject({ ...buyer, line1: '1 Canary Wharf', line2: null, erasedAt: null });
    const [order] = await database.store.readOrders([orderId]);
    expect(order?.buyer).toMatchObject({ name: 'Ada Canary', postalCode: 'E14' });
  });

  it.each<[string, object, Partial<PaymentGateway>]>([
    ['the order was placed without an address to collect', { shipping_countries: null }, {}],
    ['the order is cancelled', { status: 'CANCELLED', cancel_reason: 'cancelled' }, {}],
    ['the gateway does not know the payment', {}, { getBuyer: () => Promise.resolve(null) }],
  ])('is not recorded if %s', async (_why, columns, gateway) => {
    ({ orderId, paymentId } = await paidOrder(columns));
    await record(gateway);
    expect([asked, await stored()]).toEqual([[], null]);
  });

  it('is read again after the gateway was unavailable, and must have a country that exists', async () => {
    const away = testGateway({ url: 'http://127.0.0.1:9', apiKey: 'key' });
    await expect(record({ getBuyer: away.getBuyer })).rejects.toMatchObject({ code: 'GatewayUnavailable' });
    const nowhere = () => Promise.resolve({ ...buyer, country: 'XX' });
    await expect(record({ getBuyer: nowhere })).rejects.toMatchObject({
      code: 'GatewayMisconfigured',
      message: expect.not.stringMatching(/canary/i) as string,
    });
    expect(await stored()).toBeNull();
    await record();
    expect(await stored()).toMatchObject({ name: buyer.name });
  });

  it('is erased once and for good, even before it is recorded', async () => {
    await record();
    const erased = await database.store.eraseBuyer({ orderId, operator: 'anna' });
    expect(erased).toMatchObject({ ...nothing, orderId, erasedAt: expect.any(Date) as Date });
    expect(await database.store.eraseBuyer({ orderId, operator: 'anna' })).toEqual(erased);
    await record();
    expect(await stored()).toEqual(erased);
    ({ orderId, paymentId } = await paidOrder());
    const early = await database.store.eraseBuyer({ orderId, operator: 'anna' });
    await record();
    expect([asked, await stored()]).toEqual([[expect.any(String)], early]);
    expect((await database.store.readOrders([orderId]))[0]?.buyer).toBeNull();
    orderId = newOrderId();
    expect(await database.store.eraseBuyer({ orderId, operator: 'anna' })).toBeUndefined();
    expect(await stored()).toBeUndefined();
  });

  it('is erased when its order is over and has not changed for the retention period', async () => {
    const { sql, store } = database;
    await sql`delete from buyers`;
    const days = { dispatched: 40, cancelled: 35, changed: 40, paid: 40, young: 10 };
    const ids: Record<string, string> = {};
    for (const [name, age] of Object.entries(days)) {
      ({ orderId, paymentId } = await paidOrder());
      ids[name] = orderId;
      await record();
      const status = { paid: 'PAID', cancelled: 'CANCELLED' }[name] ?? 'DISPATCHED';
      await sql`
        update orders set status = ${status}, cancel_reason = ${status === 'CANCELLED' ? 'cancelled' : null},
          progress_remaining = ${status === 'DISPATCHED' ? 0 : 10}, shipped_at = ${status === 'DISPATCHED' ? new Date() : null},
          updated_at = now() - ${name === 'changed' ? 1 : age}::int * interval '1 day' where order_id = ${orderId}`;
      await sql`update buyers set created_at = now() - ${age}::int * interval '1 day' where order_id = ${orderId}`;
    }
    const isKept = async (name: string) => (await store.readBuyer({ orderId: ids[name] ?? '' }))?.erasedAt === null;
    const kept = async () => {
      const names: string[] = [];
      for (const name of Object.keys(days)) if (await isKept(name)) names.push(name);
      return names;
    };
    // The erasure skips an order that another session has locked, and does not wait for that session.
    await sql.begin(async (other) => {
      await other`select from orders where order_id = ${ids['dispatched'] ?? ''} for update`;
      expect(await store.eraseOldBuyers({ days: 39, limit: 500 })).toEqual([]);
    });
    expect(await store.eraseOldBuyers({ days: 30, limit: 1 })).toEqual([ids['dispatched']]);
    expect(await kept()).toEqual(['cancelled', 'changed', 'paid', 'young']);
    const again = await Promise.all([1, 2].map(() => store.eraseOldBuyers({ days: 30, limit: 500 })));
    expect([again.flat(), await kept()]).toEqual([[ids['cancelled']], ['changed', 'paid', 'young']]);
  });

  it.each([
    ['ada@CANARY.example', true],
    ['canary ada', true],
    ['ada', true],
    ['canary.example', false],
    ['a', false],
  ])('is found by e-mail address or by words of the name: %s', async (text, isFound) => {
    await database.sql`delete from buyers`;
    await record();
    const { orders } = await database.store.searchOrders({ text, limit: 10 });
    expect(orders.map((order) => order.orderId)).toEqual(isFound ? [orderId] : []);
    const byIds = await Promise.all([
      database.store.searchOrders({ text: paymentId, limit: 10 }),
      database.store.searchOrders({ query: text, limit: 10 }),
    ]);
    expect(byIds.map((page) => page.orders.length)).toEqual([1, 0]);
  });

  it('is found with and without the accents of the name', async () => {
    for (const [name, text] of [
      ['Zoë Müller', 'muller zoe'],
      ['Zoe Muller', 'MÜLLER'],
      ['José', 'jose'],
      ['Ida Strauß', 'STRAUSS'],
      ['Ida Strauss', 'strauß'],
      ['Łukasz Sørensen', 'lukasz sorensen'],
      ['Lukasz Sorensen', 'Łukasz SØRENSEN'],
      ['Ægir Đorđević', 'aegir dordevic'],
      ['Mary O’Neill', "O'Neill"],
      ["Mary O'Neill", 'o’neill'],
      ['Mary OʼNeill', "o'neill"],
      ['Anne‐Marie “Ann” Smith', 'Anne-Marie "Ann"'],
      ['Anne Marie Smith', 'anne-marie'],
    ] as const) {
      await database.sql`delete from buyers`;
      await record();
      await database.sql`update buyers set name = ${name}`;
      const { orders } = await database.store.searchOrders({ text, limit: 10 });
      expect(orders.map((order) => order.orderId)).toEqual([orderId]);
    }
  });

  it.each<[string, Partial<Record<keyof BuyerRow, string | Date | null>>, string]>([
    ['a row without a name', { name: null }, 'buyers_data_unless_erased'],
    ['an erased row with data', { erasedAt: new Date() }, 'buyers_data_unless_erased'],
    ['a country that is not a code', { country: 'Britain' }, 'buyers_country_iso_3166'],
  ])('cannot be %s', async (_what, columns, constraint) => {
    const { name, email, country, erasedAt = null } = { ...buyer, ...columns };
    await expect(database.sql`
      insert into buyers (order_id, name, email, line1, country, erased_at)
      values (${orderId}, ${name}, ${email}, 'x', ${country}, ${erasedAt})`).rejects.toThrow(constraint);
  });
});

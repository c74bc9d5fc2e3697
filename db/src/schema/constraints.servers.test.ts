import { createTestDatabase, type TestDatabase } from '@widget-store/tests';

const orderId = `ord_${'0'.repeat(32)}`;

const otherIds = (id: string) => ({ order_id: `ord_${id}`, idempotency_key: `key_${id}`, payment_id: `pay_${id}` });
const paid = { status: 'PAID', captured_minor: 9999, payment_status: 'paid' };
const dispatched = { ...paid, status: 'DISPATCHED', progress_remaining: 0 };
const manual = { fulfilment: 'manual' };
const shipped = { ...manual, shipped_at: new Date() };
const shipping = { kind: 'shipping', label: 'Shipping', amount_minor: 500 };
/** The columns of an order with adjustments. */
const adjusted = (...adjustments: object[]) => ({
  adjustments,
  total_minor:
    9999 + adjustments.reduce((sum, { amount_minor: amount }: { amount_minor?: unknown }) => sum + Number(amount), 0),
});
/** The columns of a refunded order. Each test adds the refunded amount. */
const refunded = { status: 'PAID', captured_minor: 9999, payment_status: 'refunded' };

/** The store must never write rows like those of these tests. If a bug makes it try, a constraint refuses the row. */
describe('the database refuses', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await insertOrder({});
    const discount = { kind: 'discount', label: 'Half price ½', amount_minor: -5000 };
    await insertOrder({ ...otherIds('adjusted'), ...adjusted(shipping, discount) });
  });
  afterAll(() => database.drop());

  async function insertOrder(columns: Record<string, unknown>): Promise<void> {
    const row = {
      order_id: orderId,
      idempotency_key: 'key',
      fingerprint: 'f',
      request_id: 'r',
      payment_id: 'pay_1',
      status: 'PENDING',
      payment_status: 'pending',
      total_minor: 9999,
      currency: 'USD',
      expires_at: new Date(),
      ...columns,
    };
    await database.sql`
      with placed as (insert into orders ${database.sql(row)} returning order_id)
      insert into order_items (order_id, product_id, name, quantity, unit_price_minor)
      select order_id, 1, 'Widget', 1, 9999 from placed`;
  }

  it.each([
    ['a second order for a key', { order_id: 'ord_2', payment_id: 'pay_2' }, 'orders_idempotency_key_key'],
    ['a second order for a payment', { order_id: 'ord_2', idempotency_key: 'k2' }, 'orders_payment_id_key'],
    ['an unknown status', { status: 'SHIPPED' }, 'orders_status_known'],
    ['a paid order without a payment', { status: 'PAID' }, 'orders_paid_before_dispatch'],
    [
      'a cancelled order without a reason',
      { status: 'CANCELLED', payment_status: 'failed' },
      'orders_cancelled_has_reason',
    ],
    [
      'a dispatched order with ticks left',
      { status: 'DISPATCHED', payment_status: 'paid', captured_minor: 9999 },
      'orders_dispatched_at_zero',
    ],
    ['an empty list of countries', { shipping_countries: [] }, 'orders_shipping_countries_not_empty'],
    ['an unknown fulfilment', { fulfilment: 'drone' }, 'orders_fulfilment_known'],
    ['a tick of a manual order', { ...paid, ...manual, progress_remaining: 9 }, 'orders_manual_without_ticks'],
    ['a demo order that is ready to ship', { ...paid, ready_at: new Date() }, 'orders_ready_when_paid'],
    ['a manual order that is ready and not paid', { ...manual, ready_at: new Date() }, 'orders_ready_when_paid'],
    ['a dispatched manual order without its shipment', { ...dispatched, ...manual }, 'orders_manual_shipped'],
    ['a shipment of a demo order', { ...dispatched, shipped_at: new Date() }, 'orders_manual_shipped'],
    ['a shipment of an order that is not dispatched', { ...paid, ...shipped }, 'orders_manual_shipped'],
    ['a parcel without a shipment', { ...paid, ...manual, carrier: 'DHL' }, 'orders_parcel_when_shipped'],
    ['an empty carrier', { ...dispatched, ...shipped, carrier: '' }, 'orders_carrier_bounded'],
    [
      'a link without https',
      { ...dispatched, ...shipped, tracking_url: 'http://a.example' },
      'orders_tracking_url_https',
    ],
    ['progress of an order that is not paid', { progress_remaining: 9 }, 'orders_progress_only_when_paid'],
    ['an order that is not sold out and has no payment id', { payment_id: null }, 'orders_payment_unless_sold_out'],
    ['a refund of more than was captured', { ...refunded, refunded_minor: 10_000 }, 'orders_refunds_within_capture'],
    ['a wrong payment status for the refunds', { ...refunded, refunded_minor: 1 }, 'orders_payment_status_of_refunds'],
    ['a total of 0', { total_minor: 0 }, 'orders_total_positive'],
    ['another total than that of the items', { total_minor: 9998 }, 'orders_total_of_parts'],
    ['an adjustment that is not in the total', { adjustments: [shipping] }, 'orders_total_of_parts'],
    ['adjustments that are not a list', { adjustments: shipping }, 'orders_adjustments_valid'],
    ['too many adjustments', adjusted(...Array.from({ length: 21 }, () => shipping)), 'orders_adjustments_valid'],
    ['an unknown kind of adjustment', adjusted({ ...shipping, kind: 'tip' }), 'orders_adjustments_valid'],
    ['an adjustment without a kind', adjusted({ label: 'Shipping', amount_minor: 500 }), 'orders_adjustments_valid'],
    ['an adjustment of 0', adjusted({ ...shipping, amount_minor: 0 }), 'orders_adjustments_valid'],
    ['a negative fee', adjusted({ ...shipping, kind: 'fee', amount_minor: -1 }), 'orders_adjustments_valid'],
    ['a discount that adds', adjusted({ ...shipping, kind: 'discount' }), 'orders_adjustments_valid'],
    [
      'a fraction of a minor unit',
      { ...adjusted(shipping), adjustments: [{ ...shipping, amount_minor: 500.5 }] },
      'orders_adjustments_valid',
    ],
    ['an amount as text', adjusted({ ...shipping, amount_minor: '500' }), 'orders_adjustments_valid'],
    ['a list of kinds', adjusted({ ...shipping, kind: ['tip', 'shipping'] }), 'orders_adjustments_valid'],
    ['an empty label', adjusted({ ...shipping, label: '' }), 'orders_adjustments_valid'],
    ['a label of two lines', adjusted({ ...shipping, label: 'a\nb' }), 'orders_adjustments_valid'],
    ['a long label', adjusted({ ...shipping, label: 'a'.repeat(101) }), 'orders_adjustments_valid'],
    ['a currency that is not a code', { currency: 'dollar' }, 'orders_currency_iso_4217'],
  ])('%s', async (_what, columns, constraint) => {
    const isDuplicate = constraint.endsWith('_key');
    await expect(insertOrder(isDuplicate ? columns : { ...otherIds('x'), ...columns })).rejects.toThrow(constraint);
  });

  it('negative stock', async () => {
    await expect(database.sql`update products set inventory = -1`).rejects.toThrow('products_inventory_not_negative');
  });

  it.each([
    ['a price of 0', { price_minor: 0 }, 'products_price_positive'],
    ['a currency that is no longer active', { currency: 'BGN' }, 'products_currency_iso_4217'],
    ['a currency in small letters', { currency: 'usd' }, 'products_currency_iso_4217'],
  ])('%s', async (_what, columns, constraint) => {
    await expect(database.sql`update products set ${database.sql(columns)}`).rejects.toThrow(constraint);
  });

  it.each([
    ['a hold that adds stock', 'hold', 1, 'stock_movements_hold_takes'],
    ['a release that removes stock', 'release', -1, 'stock_movements_release_gives'],
    ['a restock with an order', 'restock', 1, 'stock_movements_order_kinds'],
    ['a return without a refund and without an operator', 'return', 1, 'stock_movements_adjusted_by_operator'],
    ['a movement of zero units', 'hold', 0, 'stock_movements_'],
    ['an adjustment without an operator', 'counted', 1, 'stock_movements_adjusted_by_operator'],
  ])('%s', async (_what, kind, quantity, constraint) => {
    const row = { product_id: 1, order_id: orderId, kind, quantity };
    await expect(database.sql`insert into stock_movements ${database.sql(row)}`).rejects.toThrow(constraint);
  });

  it.each([
    ['a delivery that removes stock', { kind: 'received', quantity: -1 }, 'stock_movements_received_gives'],
    ['a write-off that adds stock', { kind: 'written_off', quantity: 1 }, 'stock_movements_written_off_takes'],
    ['a restock with a key', { kind: 'restock', quantity: 1 }, 'stock_movements_adjusted_by_operator'],
  ])('%s', async (_what, columns, constraint) => {
    const row = { product_id: 1, requested_by: 'anna', idempotency_key: 'key', ...columns };
    await expect(database.sql`insert into stock_movements ${database.sql(row)}`).rejects.toThrow(constraint);
  });

  it('a second hold of one order on one product', async () => {
    const hold = { product_id: 1, order_id: orderId, kind: 'hold', quantity: -1 };
    await database.sql`insert into stock_movements ${database.sql(hold)}`;
    await expect(database.sql`insert into stock_movements ${database.sql(hold)}`).rejects.toThrow(
      'stock_movements_once',
    );
  });
});

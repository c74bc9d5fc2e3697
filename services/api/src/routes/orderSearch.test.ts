import type { OrderRow, OrderSearch } from '@widget-store/db';
import type { MiddlewareHandler } from 'hono';
import { orderSearchRoutes } from './orderSearch';

const order = (sequence: number, change: object = {}) =>
  ({
    orderId: `ord_${sequence}`,
    sequence,
    createdAt: new Date('2026-01-31T12:00:00Z'),
    status: 'PAID',
    paymentStatus: 'partially_refunded',
    items: [
      { quantity: 2, name: '=HYPERLINK("http://evil.example")' },
      { quantity: 1, name: 'Widget' },
    ],
    buyer: {
      name: '=cmd|calc, "Ada"',
      email: '=ada@example.org',
      phone: '+44 1',
      line1: '@1 Road',
      line2: null,
      city: 'York',
      postalCode: '-YO1',
      region: null,
      country: 'GB',
    },
    currency: 'USD',
    adjustments: [
      { kind: 'shipping', label: 'Shipping', amountMinor: 500 },
      { kind: 'discount', label: 'Spring', amountMinor: -300 },
      { kind: 'discount', label: 'Ten off', amountMinor: -1000 },
    ],
    totalMinor: 20_000,
    capturedMinor: 20_000,
    refundedMinor: 1250,
    disputedMinor: 700,
    lostMinor: 300,
    refunds: [
      { status: 'succeeded', amountMinor: 1000, updatedAt: '2026-02-03T09:30:00.5+00:00', paidOutsideAt: null },
      { status: 'succeeded', amountMinor: 250, updatedAt: '2026-02-02T12:00:00+00:00', paidOutsideAt: null },
      {
        status: 'failed',
        settledBy: 'outside',
        amountMinor: 4000,
        updatedAt: '2026-02-04T12:00:00+00:00',
        paidOutsideAt: '2026-02-05T12:00:00.25+00:00',
      },
    ],
    shippedAt: new Date('2026-02-01T08:00:00Z'),
    carrier: '+DHL',
    trackingUrl: 'https://carrier.example/1',
    ...change,
  }) as unknown as OrderRow;

const admin: MiddlewareHandler = (_c, next) => next();

/** Answers every search with two pages, and records the searches. */
function appWithTwoPages() {
  const searches: OrderSearch[] = [];
  const searchOrders = async (search: OrderSearch) => {
    searches.push(search);
    const isFirst = search.before === undefined;
    return { orders: [order(isFirst ? 2 : 1)], nextBefore: isFirst ? 2 : undefined };
  };
  const readPaymentTimes = async () => new Map([['ord_2', new Date('2026-01-31T12:05:09Z')]]);
  const readDisputeStatuses = async () => new Map([['ord_2', ['lost' as const, 'open' as const]]]);
  const store = { searchOrders, readPaymentTimes, readDisputeStatuses };
  return { app: orderSearchRoutes({ store, admin }), searches };
}

describe('the CSV file of orders', () => {
  it('has all pages and no formula, and tells refunds, other payments and disputes apart', async () => {
    const { app } = appWithTwoPages();
    const answer = await app.request('/ops/orders.csv');
    const [heading, ...lines] = (await answer.text()).trimEnd().split('\r\n');
    expect(heading).toBe(
      'order_number,placed_at_utc,status,payment_status,items,buyer,email,address_line1,address_line2,postal_code,city,region,country,currency,total,paid,refunded,paid_another_way,disputed,dispute_lost,dispute_status,shipping,discount,tax,fee,paid_at_utc,refunded_at_utc,paid_another_way_at_utc,shipped_at_utc,carrier,tracking_url',
    );
    const row =
      ',2026-01-31 12:00:00,Paid,Partly refunded,"2 × =HYPERLINK(""http://evil.example""); 1 × Widget","\'=cmd|calc, ""Ada""","\'=ada@example.org","\'@1 Road",,"\'-YO1",York,,GB,USD,200.00,200.00,12.50,40.00,7.00,3.00';
    const times = '2026-02-03 09:30:00,2026-02-05 12:00:00,2026-02-01 08:00:00,"\'+DHL",https://carrier.example/1';
    expect(lines.map((line) => line.slice(line.indexOf(',')))).toEqual([
      `${row},Lost; Open,5,-13,0,0,2026-01-31 12:05:09,${times}`,
      `${row},,5,-13,0,0,,${times}`,
    ]);
    expect(answer.headers.get('Content-Type')).toContain('text/csv');
    expect(answer.headers.get('Content-Disposition')).toMatch(/^attachment; filename="orders-[\d-]{10}\.csv"$/);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
  });

  it('has the filter of the list, and takes a text from the body of the request', async () => {
    const { app, searches } = appWithTwoPages();
    const filter = 'status=PAID&to_ship=true&placed_from=2026-01-01T00:00:00Z&placed_before=2026-02-01T00:00:00.000Z';
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ text: ' Ada ' });
    await (await app.request(`/ops/orders.csv?${filter}`, { method: 'POST', headers, body })).text();
    const [placedFrom, placedBefore] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-02-01T00:00:00Z')];
    const search = { status: 'PAID', toShip: true, placedFrom, placedBefore, text: 'Ada', limit: 500 };
    expect(searches).toEqual([search, { ...search, before: 2 }]);
  });

  it.each(['status=OTHER', 'placed_from=yesterday', 'placed_from=0000-01-01T00:00:00Z', 'placed_before=2026-01-31'])(
    'is refused with %s',
    async (query) => {
      const { app } = appWithTwoPages();
      app.onError((error, c) => c.text(String(error), 400));
      expect((await app.request(`/ops/orders.csv?${query}`)).status).toBe(400);
    },
  );
});

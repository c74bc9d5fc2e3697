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
    buyer: { name: '=cmd|calc, "Ada"', email: 'ada@example.org' },
    currency: 'USD',
    adjustments: [
      { kind: 'shipping', label: 'Shipping', amountMinor: 500 },
      { kind: 'discount', label: 'Spring', amountMinor: -300 },
      { kind: 'discount', label: 'Ten off', amountMinor: -1000 },
    ],
    totalMinor: 20_000,
    capturedMinor: 20_000,
    refundedMinor: 1250,
    disputedMinor: 0,
    refunds: [
      { status: 'succeeded', updatedAt: '2026-02-03T09:30:00.5+00:00' },
      { status: 'succeeded', updatedAt: '2026-02-02T12:00:00+00:00' },
      { status: 'failed', updatedAt: '2026-02-04T12:00:00+00:00' },
    ],
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
  return { app: orderSearchRoutes({ store: { searchOrders, readPaymentTimes }, admin }), searches };
}

describe('the CSV file of orders', () => {
  it('has all pages, no formula, and nothing of the buyer but the name', async () => {
    const { app } = appWithTwoPages();
    const answer = await app.request('/ops/orders.csv');
    const [heading, ...lines] = (await answer.text()).trimEnd().split('\r\n');
    expect(heading).toBe(
      'order_number,placed_at_utc,status,payment_status,items,buyer,currency,total,paid,refunded,disputed,shipping,discount,tax,fee,paid_at_utc,refunded_at_utc',
    );
    const row =
      ',2026-01-31 12:00:00,Paid,Partly refunded,"2 × =HYPERLINK(""http://evil.example""); 1 × Widget","\'=cmd|calc, ""Ada""",USD,200.00,200.00,12.50,0.00,5,-13,0,0';
    expect(lines.map((line) => line.slice(line.indexOf(',')))).toEqual([
      `${row},2026-01-31 12:05:09,2026-02-03 09:30:00`,
      `${row},,2026-02-03 09:30:00`,
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

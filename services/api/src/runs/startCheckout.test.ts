import type { PlacedOrder, RefusedCheckout } from '@widget-store/contract';
import { readCart } from '../cart';
import type { RunsContext } from './context';
import { startCheckout } from './startCheckout';

interface Product {
  productId: number;
  currency: string;
  onSale: boolean;
}

const bothInUsd = [
  { productId: 1, currency: 'USD', onSale: true },
  { productId: 2, currency: 'USD', onSale: true },
];
const twoLines = '{"items":[{"product_id":1,"quantity":1},{"product_id":2,"quantity":1}]}';

/**
 * A store whose runs place no order. A run is closed if `shop.result` is set. Otherwise it is open, and answers the
 * Update with `reservation`.
 */
function startShop(products: Product[], placed?: PlacedOrder, reservation: object = { requestId: 'another' }) {
  const shop = { products, runs: 0, started: 0, queries: 0, result: undefined as RefusedCheckout | undefined };
  const temporal = {
    withDeadline: (_deadline: number, work: () => Promise<unknown>) => work(),
    executeUpdateWithStart: () => {
      shop.runs += 1;
      return Promise.resolve(shop.result ? null : reservation);
    },
    start: () => {
      shop.started += 1;
      shop.result = undefined;
      return Promise.resolve();
    },
    getHandle: () => ({
      query: () => {
        shop.queries += 1;
        return Promise.resolve(null);
      },
      describe: () => Promise.resolve({ status: { name: 'RUNNING' } }),
      result: () => Promise.resolve(shop.result),
    }),
  };
  const context = {
    admission: { run: (work: () => Promise<unknown>) => work() },
    store: {
      readProducts: () => Promise.resolve(shop.products),
      findPlacedOrder: () => Promise.resolve(placed),
    },
    temporal,
    products: new Map(),
  } as unknown as RunsContext;
  const buy = (body: string) => {
    const { signal } = new AbortController();
    return startCheckout(context, { idempotencyKey: 'key', cart: readCart(body), signal });
  };
  return { shop, buy };
}

describe('a checkout of a product that does not exist', () => {
  it.each([
    ['nothing is on sale', [], ''],
    [
      'only others are on sale',
      [{ productId: 2, currency: 'USD', onSale: true }],
      '{"items":[{"product_id":1,"quantity":1}]}',
    ],
  ])('is refused, and nothing is started: %s', async (_what, products, body) => {
    const { shop, buy } = startShop(products);
    await expect(buy(body)).rejects.toMatchObject({ code: 'product_unknown' });
    expect(shop.runs).toBe(0);
  });
});

const { fingerprint } = readCart(twoLines);

describe('a cart whose products have changed since this process read them', () => {
  it.each([
    ['deleted', 'ProductNotFound', 'product_unknown', bothInUsd.slice(0, 1)],
    [
      'taken off sale',
      'ProductNotOnSale',
      'product_not_on_sale',
      [{ productId: 1, currency: 'USD', onSale: false }, ...bothInUsd.slice(1)],
    ],
    [
      'priced in another currency',
      'MixedCurrencies',
      'mixed_currencies',
      [{ productId: 1, currency: 'EUR', onSale: true }, ...bothInUsd.slice(1)],
    ],
  ] as const)(
    '%s: the refusal by the run is final, and a repetition starts no run',
    async (_what, refusal, code, products) => {
      const { shop, buy } = startShop(bothInUsd);
      // This first checkout makes the process read the products. It fails with a retryable problem, because its run has
      // not placed the order yet.
      await expect(buy(twoLines)).rejects.toMatchObject({ code: 'temporal_unavailable' });
      shop.products = [...products];
      shop.result = { refusal, fingerprint };
      await expect(buy(twoLines)).rejects.toMatchObject({ code });
      const runs = shop.runs;
      await expect(buy(twoLines)).rejects.toMatchObject({ code });
      expect(shop.runs).toBe(runs);
    },
  );

  it('sold at another total: a repetition gets the new total again, and a cart with the new total starts a run', async () => {
    const { shop, buy } = startShop(bothInUsd);
    const guarded = (total: number) => twoLines.replace('}]}', `}],"expected_total_minor":${total}}`);
    shop.result = { refusal: 'TotalChanged', fingerprint: readCart(guarded(100)).fingerprint, totalMinor: 120 };
    const refused = { code: 'total_changed', members: { total_minor: 120 } };
    await expect(buy(guarded(100))).rejects.toMatchObject(refused);
    await expect(buy(guarded(100))).rejects.toMatchObject(refused);
    expect(shop.started).toBe(0);
    await expect(buy(guarded(120))).rejects.toMatchObject({ code: 'temporal_unavailable' });
    expect(shop.started).toBe(1);
  });

  it('on sale again: the checkout starts a run', async () => {
    const { shop, buy } = startShop([{ productId: 1, currency: 'USD', onSale: false }, ...bothInUsd.slice(1)]);
    await expect(buy(twoLines)).rejects.toMatchObject({ code: 'product_not_on_sale' });
    expect(shop.runs).toBe(0);
    shop.products = bothInUsd;
    await expect(buy(twoLines)).rejects.toMatchObject({ code: 'temporal_unavailable' });
    expect(shop.runs).toBe(1);
  });

  it('priced in one currency again: the checkout starts a run', async () => {
    const { shop, buy } = startShop([{ productId: 1, currency: 'EUR', onSale: true }, ...bothInUsd.slice(1)]);
    await expect(buy(twoLines)).rejects.toMatchObject({ code: 'mixed_currencies' });
    shop.products = bothInUsd;
    await expect(buy(twoLines)).rejects.toMatchObject({ code: 'temporal_unavailable' });
    expect(shop.runs).toBe(1);
  });

  it('priced in another currency: a key with a placed order keeps its answer', async () => {
    const order = { fingerprint, orderId: 'ord_1', paymentId: null } as PlacedOrder;
    const { shop, buy } = startShop([{ productId: 1, currency: 'EUR', onSale: true }, ...bothInUsd.slice(1)], order);
    expect(await buy(twoLines)).toEqual({ order, replayed: true });
    expect(shop.runs).toBe(0);
  });
});

describe('a checkout whose run has not placed its order yet', () => {
  it.each([
    ['ProductBusy', 'product_busy'],
    ['DatabaseUnavailable', 'postgres_unavailable'],
    ['DatabaseRejected', 'postgres_unavailable'],
  ])('because of %s answers %s', async (reason, code) => {
    const { shop, buy } = startShop(bothInUsd, undefined, { delayedBy: reason });
    await expect(buy(twoLines)).rejects.toMatchObject({ code });
    expect(shop.queries).toBe(0);
  });
});

// The api must not send a Query, because a Query can break a run that is in no worker's cache. See
// `tests/src/temporal/coldQuery.test.ts`.
describe('a repeated checkout', () => {
  it.each([{ requestId: 'another' }, { delayedBy: 'DatabaseUnavailable' }])(
    'whose run answers %j is answered from the row, without a Query',
    async (reservation) => {
      const order = { fingerprint, orderId: 'ord_1', paymentId: null, requestId: 'another' } as PlacedOrder;
      const { shop, buy } = startShop(bothInUsd, order, reservation);
      expect(await buy(twoLines)).toEqual({ order, replayed: true });
      expect(shop.queries).toBe(0);
    },
  );
});

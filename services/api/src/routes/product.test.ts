import { gunzipSync } from 'node:zlib';
import type { ProductRow } from '@widget-store/db';
import type { ProductBody } from '../openapi/productSchemas';
import { problemResponse, toProblem } from '../problem';
import { productRoutes } from './product';

const count = 3000;

/** The routes of a store with 3,000 products, and the rows of these products. A test can change the rows. */
function startShop() {
  const rows: ProductRow[] = Array.from({ length: count }, (_, index) => ({
    productId: index + 1,
    name: `Widget ${index + 1}`,
    description: 'A widget with a description of an ordinary length, that fits into a pocket.',
    priceMinor: 1000 + index,
    currency: 'USD',
    inventory: 10,
    imageUrl: null,
    onSale: true,
    version: 1,
  }));
  const store = {
    listProducts: async ({ limit, after = 0 }: { limit: number; after?: number | undefined }) => ({
      products: rows.slice(after, after + limit),
      nextAfter: after + limit < rows.length ? after + limit : undefined,
      previousAfter: after === 0 ? undefined : Math.max(0, after - limit),
    }),
    readProducts: async (ids: number[]) => rows.filter(({ productId }) => ids.includes(productId)),
  };
  const app = productRoutes({ store, admin: (_c: unknown, next: () => unknown) => next() } as never);
  app.onError((error) => problemResponse(toProblem(error), { instance: '', requestId: '' }));
  const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
  const document = () => app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } });
  return { rows, get, document };
}

const linkOf = (answer: Response, rel = 'next') =>
  new RegExp(`<([^>]+)>; rel="${rel}"`).exec(answer.headers.get('Link') ?? '')?.[1];

describe('the catalogue', () => {
  it('has every product once on its pages, which have at most 50 products by default', async () => {
    const { get } = startShop();
    const listed: number[] = [];
    for (let path: string | undefined = '/products'; path !== undefined;) {
      const answer = await get(path);
      const page = (await answer.json()) as ProductBody[];
      expect(page.length).toBeLessThanOrEqual(50);
      listed.push(...page.map(({ product_id: id }) => id));
      path = linkOf(answer);
    }
    expect(listed).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  it.each([
    ['limit=49', undefined],
    ['limit=49&cursor=49', '/products?limit=49'],
    ['limit=49&cursor=98', '/products?limit=49&cursor=49'],
  ])('links from the page %s to the previous one', async (query, previous) => {
    const { get } = startShop();
    expect(linkOf(await get(`/products?${query}`), 'prev')).toBe(previous);
  });

  it('answers 304 for a page that the client already has, until a product on the page changes', async () => {
    const { rows, get } = startShop();
    const path = '/products?limit=49';
    const first = await get(path);
    const known = { 'If-None-Match': first.headers.get('ETag') ?? '' };
    expect(first.headers.get('Cache-Control')).toBe('no-cache');
    const [onPage, beyond] = [rows[7], rows[2000]];

    Object.assign(beyond ?? {}, { inventory: 3 });
    const same = await get(path, known);
    expect([same.status, await same.text()]).toEqual([304, '']);
    Object.assign(onPage ?? {}, { inventory: 9 });
    const changed = await get(path, known);
    expect(changed.status).toBe(200);
    expect(((await changed.json()) as ProductBody[])[7]?.inventory).toBe(9);
  });

  it('sends a full last page again after a product is added, because the page now has a next page', async () => {
    const { rows, get } = startShop();
    const path = `/products?limit=50&cursor=${count - 50}`;
    const last = await get(path);
    expect(linkOf(last)).toBeUndefined();
    const [row] = rows;
    if (row !== undefined) rows.push({ ...row, productId: count + 1 });
    const answer = await get(path, { 'If-None-Match': last.headers.get('ETag') ?? '' });
    expect([answer.status, linkOf(answer)]).toEqual([200, `/products?limit=50&cursor=${count}`]);
  });

  it('is compressed, and is still answered with 304 if the client has it', async () => {
    const { get } = startShop();
    const gzip = { 'Accept-Encoding': 'gzip' };
    const plain = await (await get('/products?limit=49')).text();
    const answer = await get('/products?limit=49', gzip);
    expect(answer.headers.get('Content-Encoding')).toBe('gzip');
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(gunzipSync(bytes).toString()).toBe(plain);
    expect(bytes.length).toBeLessThan(plain.length / 4);
    const again = await get('/products?limit=49', { ...gzip, 'If-None-Match': answer.headers.get('ETag') ?? '' });
    expect(again.status).toBe(304);
  });

  it('returns only the products that the client asks for by id', async () => {
    const { get } = startShop();
    const products = (await (await get('/products?ids=3000,7')).json()) as ProductBody[];
    expect(products.map(({ product_id: id }) => id)).toEqual([7, 3000]);
  });

  it.each(['limit=0', 'limit=101', 'cursor=0', 'cursor=2147483648', 'ids=', 'ids=0', 'ids=1,,2', 'ids=1;2'])(
    'refuses %s',
    async (query) => {
      const { get } = startShop();
      const answer = await get(`/products?${query}`);
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'invalid_page' }]);
    },
  );

  it('documents which lists of ids it accepts', () => {
    const { get: operation } = startShop().document().paths?.['/products'] ?? {};
    const ids = operation?.parameters?.find((parameter) => 'name' in parameter && parameter.name === 'ids');
    const pattern = new RegExp((ids as { schema: { pattern: string } }).schema.pattern);
    expect(['1', '3000,7', '', '1,,2'].map((list) => pattern.test(list))).toEqual([true, true, false, false]);
  });
});

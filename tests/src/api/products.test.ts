import type { CheckoutBody, ProductBody } from '@widget-store/api';
import { eventually } from '../support/eventually';
import { digestOf, stockOf } from '../support/store/database';
import { type Answer, newKey, type Shopper, shopperOf, problemOf, json } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';

describe('products', () => {
  let store: TestStore;
  let shopper: Shopper;
  let admin: Record<string, string>;

  beforeAll(async () => {
    store = await startTestStore({
      demo: false,
      extraEnvironment: { api: { IMAGE_ORIGINS: 'https://cdn.example' } },
    });
    shopper = shopperOf(store.apiUrl);
    admin = { Authorization: `Bearer ${store.adminToken}` };
  });
  afterAll(() => store.close());

  const digest = () => digestOf(store.sql);

  describe('POST /products', () => {
    const tea = { product: 'Tea Widget', description: 'Keeps a cup warm.', price_minor: 2500, currency: 'USD' };
    const create = (body: object, key = newKey()) =>
      shopper.send('POST', '/products', {
        headers: { ...admin, ...json, 'Idempotency-Key': key },
        body: JSON.stringify(body),
      });

    it('creates one product for a repeated key; shoppers can buy it only after an operator has put it on sale', async () => {
      const key = newKey();
      const created = await create({ ...tea, image_url: 'https://cdn.example/tea.jpg', on_sale: false }, key);
      expect(created.status).toBe(201);
      const product = JSON.parse(created.text) as ProductBody;
      expect(product).toMatchObject({ ...tea, inventory: 0, image_url: 'https://cdn.example/tea.jpg', on_sale: false });
      const again = await create({ ...tea, image_url: 'https://cdn.example/tea.jpg', on_sale: false }, key);
      expect([again.text, again.headers.get('Idempotent-Replayed')]).toEqual([created.text, 'true']);
      const other = await create({ ...tea, price_minor: 1 }, key);
      expect([other.status, problemOf(other).code]).toEqual([422, 'idempotency_key_reused']);

      const path = created.headers.get('Location') ?? '';
      const page = await shopper.send('GET', path);
      expect([page.text, page.headers.get('ETag')]).toEqual([created.text, '"1"']);
      expect((await shopper.send('GET', '/products')).text).not.toContain('Tea Widget');
      expect((await shopper.send('GET', '/ops/products', { headers: admin })).text).toContain('Tea Widget');
      const items = [{ product_id: product.product_id, quantity: 1 }];
      const buy = () =>
        shopper.send('POST', `/checkout/${newKey()}`, { headers: json, body: JSON.stringify({ items }) });
      expect(problemOf(await buy())).toMatchObject({ status: 409, code: 'product_not_on_sale' });

      const change = (version: string, body: object) =>
        shopper.send('PATCH', path, {
          headers: { ...admin, ...json, 'If-Match': version },
          body: JSON.stringify(body),
        });
      const onSale = await change('"1"', { on_sale: true });
      expect([onSale.status, onSale.headers.get('ETag')]).toEqual([200, '"2"']);
      const late = await change('"1"', { price_minor: 1 });
      expect([late.status, problemOf(late).code]).toEqual([412, 'product_changed']);
      await store.store.restock({ productId: product.product_id, available: 1 });
      expect((await buy()).status).toBe(200);
      expect((await change('"2"', { image_url: null })).status).toBe(200);
      expect((await shopper.send('GET', '/products')).text).toContain('Tea Widget');
    });

    it('pages can show pictures only from the allowed origins', async () => {
      const policy = (await shopper.send('GET', '/')).headers.get('Content-Security-Policy');
      expect(policy).toMatch(/img-src 'self' https:\/\/cdn\.example(;|$)/);
    });

    it.each<[string, object]>([
      ['no name', { product: undefined }],
      ['no price', { price_minor: undefined }],
      ['no currency', { currency: undefined }],
      ['a currency that is no longer active', { currency: 'BGN' }],
      ['a price of 0', { price_minor: 0 }],
      ['a picture from elsewhere', { image_url: 'https://evil.example/a.jpg' }],
      ['a script as a picture', { image_url: 'javascript:alert(1)' }],
      ['data as a picture', { image_url: 'data:image/png;base64,AA==' }],
      ['stock', { inventory: 5 }],
    ])('with %s is refused, and changes nothing', async (_what, fields) => {
      const before = await digest();
      const answer = await create({ ...tea, ...fields });
      expect([answer.status, problemOf(answer).code]).toEqual([422, 'invalid_product']);
      expect(await digest()).toBe(before);
    });
  });

  describe('PATCH /products/{product_id}', () => {
    const change = (id: string, body: string, headers: Record<string, string> = json) =>
      shopper.send('PATCH', `/products/${id}`, { headers: { ...admin, ...headers }, body });

    it('changes the given fields, but no order that was placed before', async () => {
      const key = newKey();
      const bought = await shopper.send('POST', `/checkout/${key}`, {
        headers: { ...json, Accept: 'application/json' },
        body: '{"items":[{"product_id":3,"quantity":2}]}',
      });
      const { order_id: orderId } = JSON.parse(bought.text) as CheckoutBody;
      const before = await shopper.order(orderId);
      const answer = await change('3', '{"price_minor":12345,"product":" Plain Widget "}');
      expect(answer.status).toBe(200);
      const product = JSON.parse(answer.text) as ProductBody;
      expect(product).toMatchObject({ product_id: 3, product: 'Plain Widget', price: '123.45', price_minor: 12345 });
      const listed = JSON.parse((await shopper.send('GET', '/products')).text) as ProductBody[];
      expect(listed.find(({ product_id }) => product_id === 3)).toEqual(product);
      expect((await shopper.order(orderId)).total_minor).toBe(before.total_minor);
    });

    it.each([
      ['3', '{"price_minor":', 400, 'invalid_json'],
      ['3', '', 400, 'invalid_json'],
      ['3', '{}', 422, 'invalid_product'],
      ['3', '[]', 422, 'invalid_product'],
      ['3', '{"price_minor":-1}', 422, 'invalid_product'],
      // The sandbox gateway refuses a payment of zero.
      ['3', '{"price_minor":0}', 422, 'invalid_product'],
      ['3', '{"price_minor":0.5}', 422, 'invalid_product'],
      ['3', '{"price_minor":1e12}', 422, 'invalid_product'],
      ['3', '{"price":"1.00"}', 422, 'invalid_product'],
      ['3', '{"inventory":5}', 422, 'invalid_product'],
      ['3', '{"__proto__":{"price_minor":1}}', 422, 'invalid_product'],
      ['3', '{"product":""}', 422, 'invalid_product'],
      ['3', '{"product":"a\\u0000b"}', 422, 'invalid_product'],
      ['3', '{"description":"\\ud800"}', 422, 'invalid_product'],
      ['3', '{"image_url":"http://cdn.example/a.jpg"}', 422, 'invalid_product'],
      ['3', '{"on_sale":"yes"}', 422, 'invalid_product'],
      ['999', '{"price_minor":1}', 404, 'not_found'],
      ['0', '{"price_minor":1}', 404, 'not_found'],
      ['99999999999999', '{"price_minor":1}', 404, 'not_found'],
      ['1%27--', '{"price_minor":1}', 404, 'not_found'],
      ['%00', '{"price_minor":1}', 404, 'not_found'],
    ])('for product %s and body %j, returns %d %s and changes nothing', async (id, body, status, code) => {
      const before = await digest();
      const answer = await change(id, body);
      expect([answer.status, problemOf(answer).code]).toEqual([status, code]);
      expect(await digest()).toBe(before);
    });

    it('accepts JSON only', async () => {
      const answer = await change('3', 'price_minor=1', { 'Content-Type': 'application/x-www-form-urlencoded' });
      expect([answer.status, problemOf(answer).code]).toEqual([415, 'unsupported_media_type']);
    });
  });

  describe('POST /products/{product_id}/stock', () => {
    const adjust = (id: string, body: string, key = newKey()) =>
      shopper.send('POST', `/products/${id}/stock`, { headers: { ...admin, ...json, 'Idempotency-Key': key }, body });

    it('counts a repeated delivery once; the list and the CSV file show the operator and the note', async () => {
      const key = newKey();
      const delivery = '{"change":10,"reason":"received","note":"=HYPERLINK(\\"x\\")"}';
      const first = await adjust('4', delivery, key);
      expect([first.status, first.text]).toEqual([200, '{"inventory":110}']);
      expect((await adjust('4', '{"change":-4,"reason":"written_off"}')).text).toBe('{"inventory":106}');
      const again = await adjust('4', delivery, key);
      expect([again.text, again.headers.get('Idempotent-Replayed')]).toEqual([first.text, 'true']);
      const other = await adjust('4', '{"change":11,"reason":"received"}', key);
      expect([other.status, problemOf(other).code]).toEqual([422, 'idempotency_key_reused']);

      const page = await shopper.send('GET', '/products/4/stock?limit=2', { headers: admin });
      expect(JSON.parse(page.text)).toMatchObject([
        { reason: 'written_off', change: -4, inventory: 106, requested_by: 'operator', note: null },
        { reason: 'received', change: 10, inventory: 110, requested_by: 'operator', note: '=HYPERLINK("x")' },
      ]);
      const next = /<([^>]+)>/.exec(page.headers.get('Link') ?? '')?.[1] ?? '';
      expect(JSON.parse((await shopper.send('GET', next, { headers: admin })).text)).toMatchObject([
        { reason: 'seed' },
      ]);

      const file = await shopper.send('GET', '/products/4/stock.csv', { headers: admin });
      const [head, , received] = file.text.split('\r\n');
      expect(file.contentType).toContain('text/csv');
      expect(head).toBe('created_at_utc,reason,change,inventory,requested_by,note,order_number,order_id,refund_id');
      expect(received).toContain(`Received,10,110,operator,"'=HYPERLINK(""x"")",,,`);

      const ofAll = (query: string) => shopper.send('GET', `/ops/stock.csv?${query}`, { headers: admin });
      const all = (await ofAll('from=2026-01-01T00:00:00Z')).text.trimEnd().split('\r\n');
      expect(all[0]).toBe(
        'created_at_utc,product_id,product,reason,change,requested_by,note,order_number,order_id,refund_id',
      );
      expect(all.some((line) => /,4,[^,]+,Received,10,operator,"'=HYPERLINK\(""x""\)",,,$/.test(line))).toBe(true);
      expect((await ofAll('to=2026-01-01T00:00:00Z')).text.trimEnd().split('\r\n')).toEqual([all[0]]);
      expect((await ofAll('from=yesterday')).status).toBe(400);
    });

    it.each([
      ['3', '', 400, 'invalid_json'],
      ['3', '{"change":0,"reason":"counted"}', 422, 'invalid_adjustment'],
      ['3', '{"change":-1,"reason":"received"}', 422, 'invalid_adjustment'],
      ['3', '{"change":1,"reason":"written_off"}', 422, 'invalid_adjustment'],
      ['3', '{"change":1,"reason":"restock"}', 422, 'invalid_adjustment'],
      ['3', '{"change":1.5,"reason":"counted"}', 422, 'invalid_adjustment'],
      ['3', '{"change":1,"reason":"counted","note":"a\\u0000b"}', 422, 'invalid_adjustment'],
      ['3', '{"change":1,"reason":"counted","inventory":5}', 422, 'invalid_adjustment'],
      ['3', '{"change":-1000,"reason":"written_off"}', 409, 'insufficient_stock'],
      ['999', '{"change":1,"reason":"counted"}', 404, 'not_found'],
      ['0', '{"change":1,"reason":"counted"}', 404, 'not_found'],
    ])('for product %s and body %j, returns %d %s and changes nothing', async (id, body, status, code) => {
      const before = await digest();
      const answer = await adjust(id, body);
      expect([answer.status, problemOf(answer).code]).toEqual([status, code]);
      expect(await digest()).toBe(before);
    });

    it.each(['', 'a b', 'x'.repeat(201)])('the idempotency key %j is refused', async (key) => {
      const answer = await adjust('3', '{"change":1,"reason":"counted"}', key);
      expect([answer.status, problemOf(answer).code]).toEqual([400, 'invalid_idempotency_key']);
    });
  });

  it('the stock book adds up after 100 deliveries, 50 purchases and 20 edits at the same time', async () => {
    const path = '/products/5';
    const repeat = async (times: number, call: (index: number) => Promise<Answer>) => {
      const answers = await Promise.all(
        Array.from({ length: times }, (_, index) =>
          eventually(
            () => call(index),
            ({ status }) => status !== 503,
          ),
        ),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    };
    await Promise.all([
      repeat(100, (index) =>
        shopper.send('POST', `${path}/stock`, {
          headers: { ...admin, ...json, 'Idempotency-Key': `delivery-${index}` },
          body: '{"change":1,"reason":"received"}',
        }),
      ),
      repeat(50, (index) =>
        shopper.send('POST', `/checkout/raced-${index}`, {
          headers: json,
          body: '{"items":[{"product_id":5,"quantity":1}]}',
        }),
      ),
      repeat(20, (index) =>
        shopper.send('PATCH', path, { headers: { ...admin, ...json }, body: `{"price_minor":${1000 + index}}` }),
      ),
    ]);
    expect(await stockOf(store.sql, 5)).toEqual({ inventory: 150, movements: 150 });
    const [head, newest, ...older] = (await shopper.send('GET', `${path}/stock.csv`, { headers: admin })).text
      .trimEnd()
      .split('\r\n');
    expect(head).toContain('inventory');
    expect(newest?.split(',')[3]).toBe('150');
    expect(older).toHaveLength(150);
  });
});

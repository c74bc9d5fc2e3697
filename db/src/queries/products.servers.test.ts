import { createTestDatabase, type TestDatabase } from '@widget-store/tests';

describe('the catalogue', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.sql`
      insert into products (product_id, name, description, price_minor, currency)
      select 10 * n, 'Widget ' || n, 'One of many.', 100, 'USD' from generate_series(1, 3000) as n`;
  });
  afterAll(() => database.drop());

  it('has each product on exactly one page, sorted by id', async () => {
    const { store, sql } = database;
    const all = await sql<{ id: number }[]>`select product_id as id from products order by product_id`;
    const listed: number[] = [];
    let previous: number | undefined;
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page = await store.listProducts({ limit: 100, after });
      expect(page.products.length).toBeGreaterThan(0);
      expect(page.previousAfter).toBe(previous);
      listed.push(...page.products.map(({ productId }) => productId));
      previous = after;
      after = page.nextAfter;
    }
    expect(listed).toEqual(all.map(({ id }) => id));
    expect(await store.listProducts({ limit: 100, after: 15 })).toMatchObject({ previousAfter: 0 });
  });

  it('reads products by their ids, and leaves out unknown ids', async () => {
    const products = await database.store.readProducts([30_000, 1, 999_999_999]);
    expect(products.map(({ productId }) => productId)).toEqual([1, 30_000]);
  });

  const fields = {
    name: 'Tea Widget',
    description: '',
    priceMinor: 2500,
    currency: 'EUR',
    imageUrl: null,
    onSale: true,
  };
  const actionsOf = (kind: string) =>
    database.sql`select operator, subject from operator_actions where kind = ${kind} order by subject`.then((rows) => [
      ...rows,
    ]);
  const create = (idempotencyKey: string, fingerprint = 'f') =>
    database.store.createProduct({ ...fields, idempotencyKey, fingerprint, operator: 'anna' });

  it('gets each new product once, however many operators create products at the same time', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `new-${index % 10}`);
    const created = await Promise.all(keys.map((key) => create(key)));
    expect(created.filter(({ outcome }) => outcome === 'created')).toHaveLength(10);
    const ids = created.map((one) => ('product' in one ? one.product.productId : 0));
    expect(new Set(ids)).toEqual(new Set(Array.from({ length: 10 }, (_, index) => 30_001 + index)));
    expect(await create('new-0', 'another')).toEqual({ outcome: 'key_is_used' });
    expect(await create('new-0')).toMatchObject({
      outcome: 'replayed',
      product: { ...fields, inventory: 0, version: 1 },
    });
    expect(await actionsOf('create_product')).toEqual(
      Array.from({ length: 10 }, (_, index) => ({ operator: 'anna', subject: String(30_001 + index) })),
    );
  });

  it('hides a product that is not on sale from shoppers, but not from operators', async () => {
    const { store } = database;
    await store.changeProduct({ operator: 'anna', productId: 2, onSale: false });
    const listed = async (withHidden: boolean) =>
      (await store.listProducts({ limit: 3, withHidden })).products.map(({ productId }) => productId);
    expect([await listed(false), await listed(true)]).toEqual([
      [1, 3, 4],
      [1, 2, 3],
    ]);
    expect(await store.readProducts([2])).toMatchObject([{ productId: 2, onSale: false }]);
    await store.changeProduct({ operator: 'anna', productId: 2, onSale: true });
    expect(await listed(false)).toEqual([1, 2, 3]);
  });

  it('applies only one of twenty changes that name the same version, and a restock keeps the version', async () => {
    const { store } = database;
    const { version = 0 } = (await store.readProduct(4)) ?? {};
    await store.restock({ productId: 4, available: 7 });
    const changes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.changeProduct({ operator: 'anna', productId: 4, versions: [version], name: `Name ${index}` }),
      ),
    );
    const changed = changes.filter((one) => one?.outcome === 'changed');
    expect(changed).toHaveLength(1);
    expect(await store.readProduct(4)).toMatchObject({ version: version + 1, inventory: 7 });
    expect(await store.changeProduct({ operator: 'anna', productId: 4, name: 'Widget Duo' })).toMatchObject({
      outcome: 'changed',
      product: { version: version + 2 },
    });
    expect(await store.changeProduct({ operator: 'anna', productId: 999, versions: [1], name: 'x' })).toBeUndefined();
    const subjects = (await actionsOf('change_product')).map(({ subject }) => subject as string);
    expect(subjects.filter((subject) => subject === '4' || subject === '999')).toEqual(['4', '4']);
  });

  it.each([
    ['a script as a picture', "image_url = 'javascript:alert(1)'", 'products_image_url_safe'],
    ['a price of zero', 'price_minor = 0', 'products_price_positive'],
    ['a currency that is not in ISO 4217', "currency = 'XYZ'", 'products_currency_iso_4217'],
    ['a negative stock', 'inventory = -1', 'products_inventory_not_negative'],
  ])('has a constraint that refuses %s', async (_what, change, constraint) => {
    const { sql } = database;
    const changing = sql`update products set ${sql.unsafe(change)} where product_id = 1`;
    await expect(changing).rejects.toMatchObject({ constraint_name: constraint });
  });
});

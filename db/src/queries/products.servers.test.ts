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

  it.each([
    ['a price of zero', 'price_minor = 0', 'products_price_positive'],
    ['a currency that is not in ISO 4217', "currency = 'XYZ'", 'products_currency_iso_4217'],
    ['a negative stock', 'inventory = -1', 'products_inventory_not_negative'],
  ])('refuses %s, also from psql', async (_what, change, constraint) => {
    const { sql } = database;
    const changing = sql`update products set ${sql.unsafe(change)} where product_id = 1`;
    await expect(changing).rejects.toMatchObject({ constraint_name: constraint });
  });
});

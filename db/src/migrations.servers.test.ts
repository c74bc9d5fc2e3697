import { randomBytes } from 'node:crypto';
import { createTestDatabase, demoProducts, type TestDatabase } from '@widget-store/tests';
import journal from '../migrations/meta/_journal.json';
import { migrateDatabase } from './migrations';
import { seedCatalogue } from './seedCatalogue';

describe('the database programs', () => {
  let database: TestDatabase;
  let empty: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    empty = await createEmptyDatabase(database);
  });
  afterAll(() => database.drop());

  async function createEmptyDatabase({ sql, url }: TestDatabase): Promise<string> {
    await sql`drop schema public cascade`;
    await sql`create schema public`;
    await sql`drop schema drizzle cascade`;
    return url;
  }

  it('migrate an empty database once, even when several start at the same time', async () => {
    await Promise.all([migrateDatabase(empty), migrateDatabase(empty), migrateDatabase(empty)]);
    await migrateDatabase(empty);
    const applied = await database.sql`select hash from drizzle.__drizzle_migrations`;
    expect(applied).toHaveLength(journal.entries.length);
    expect(new Set(applied.map((row) => row['hash'])).size).toBe(applied.length);
    const tables =
      await database.sql`select table_name from information_schema.tables where table_schema = 'public' order by 1`;
    expect(tables.map((row) => String(row['table_name']))).toEqual([
      'buyers',
      'comparisons',
      'disputes',
      'event_receivers',
      'operator_actions',
      'order_events',
      'order_items',
      'orders',
      'outgoing_events',
      'payment_references',
      'products',
      'refunds',
      'stock_movements',
    ]);
  });

  it('refuse a database with another encoding, because the search for names would fail', async () => {
    const name = `latin_${randomBytes(6).toString('hex')}`;
    const { sql, url } = database;
    await sql`create database ${sql(name)} encoding 'LATIN1' locale 'C' template template0`;
    const latin = new URL(url);
    latin.pathname = `/${name}`;
    await expect(migrateDatabase(latin.href)).rejects.toThrow(
      'The database has the encoding LATIN1, but the store needs UTF8.',
    );
    await sql`drop database ${sql(name)}`;
  });

  it('give up if another session keeps a table locked, because a waiting migration would stop the store', async () => {
    const refused = await database.sql.begin(async (sql) => {
      await sql`lock table drizzle.__drizzle_migrations`;
      return migrateDatabase(empty).catch((error: unknown) => error);
    });
    expect(refused).toMatchObject({ cause: { code: '55P03' } });
    await migrateDatabase(empty);
  });

  it('seed the catalogue once, with the widget at 99.99 and with a movement for each initial stock', async () => {
    await Promise.all([seedCatalogue(empty, demoProducts), seedCatalogue(empty, demoProducts)]);
    await seedCatalogue(empty, demoProducts);
    const products =
      await database.sql`select product_id, price_minor, currency, inventory::int from products order by 1`;
    expect(products.length).toBeGreaterThanOrEqual(6);
    expect(products[0]).toEqual({ product_id: 1, price_minor: 9999, currency: 'USD', inventory: 100 });
    const movements = await database.sql`select product_id, kind, quantity::int from stock_movements order by 1`;
    expect(movements).toEqual(
      products.map(({ product_id: id, inventory }) => ({
        product_id: id as number,
        kind: 'seed',
        quantity: inventory as number,
      })),
    );
  });

  it('keep the price and the stock of an existing product', async () => {
    await database.sql`update products set inventory = 7, price_minor = 5`;
    await seedCatalogue(empty, demoProducts);
    const kept = await database.sql`select distinct inventory::int, price_minor from products`;
    expect(kept).toEqual([{ inventory: 7, price_minor: 5 }]);
  });
});

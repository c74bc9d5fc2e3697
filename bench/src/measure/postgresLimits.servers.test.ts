import { createTestDatabase, type TestDatabase } from '@widget-store/tests';
import { measureCommits, storedBytesPerOrder, walBytes } from './postgresLimits';

describe('the limits of Postgres', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('give the rates of commits and the disk space of an order', async () => {
    const before = await walBytes(database.sql);
    const rates = await measureCommits(database.url, 300);
    expect(Object.keys(rates)).toEqual(['limits.commitsPerSecond', 'limits.notifyPerSecond', 'limits.rowPerSecond']);
    for (const rate of Object.values(rates)) expect(rate).toBeGreaterThan(0);
    expect(await walBytes(database.sql)).toBeGreaterThan(before);
    expect(await storedBytesPerOrder(database.sql)).toBeGreaterThan(200);
  });
});

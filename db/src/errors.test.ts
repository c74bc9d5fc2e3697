import { inspect } from 'node:util';
import { StoreError, toStoreError } from './errors';

const driverError = (code: string) => Object.assign(new Error('update "orders" set secret'), { code });

describe('toStoreError', () => {
  it.each([
    'ECONNREFUSED',
    'CONNECTION_CLOSED',
    '57P01',
    '57014',
    '53100',
    '40001',
    '40P01',
    '08006',
    '25006',
    '58030',
  ])('%s is transient', (code) => {
    expect(toStoreError(driverError(code)).code).toBe('DatabaseUnavailable');
  });

  it.each(['23505', '23514', '42P01', '22P02'])('%s is not transient', (code) => {
    expect(toStoreError(driverError(code)).code).toBe('DatabaseRejected');
  });

  it("finds the driver's code inside Drizzle's error, and copies neither message", () => {
    const wrapped = new Error('Failed query: insert into "orders" … params: secret', { cause: driverError('57P03') });
    const error = toStoreError(wrapped);
    expect([error.code, error.message]).toEqual(['DatabaseUnavailable', 'The database is not available (57P03).']);
  });

  it('names the table and the constraint, and no value', () => {
    const error = Object.assign(driverError('23514'), {
      detail: 'Failing row contains (secret).',
      table_name: 'products',
      constraint_name: 'products_inventory_not_negative',
    });
    const refused = toStoreError(new Error('Failed query: update "products" … params: secret', { cause: error }));
    expect(refused.message).toBe(
      'The database refused a statement (23514, table products, constraint products_inventory_not_negative).',
    );
    expect(inspect(refused, { depth: null })).not.toMatch(/secret|Failed query/);
  });

  it('says which privilege is missing', () => {
    const error = Object.assign(new Error('permission denied for table stock_movements'), { code: '42501' });
    expect(toStoreError(error).message).toBe(
      'The database refused a statement (42501, permission denied for table stock_movements).',
    );
  });

  it.each([
    ['28P01', 'FATAL', 'password authentication failed for user "store_app"'],
    ['08P01', 'FATAL', 'unsupported startup parameter: IntervalStyle'],
    ['3D000', 'FATAL', 'database "shop" does not exist'],
  ])('%s is transient if it ends the session, and the message has the reason', (code, severity, message) => {
    for (const named of [{ severity }, { severity_local: severity }]) {
      const error = toStoreError(Object.assign(new Error(message), { code, ...named }));
      expect([error.code, error.message]).toEqual([
        'DatabaseUnavailable',
        `The database is not available (${code}, ${message}).`,
      ]);
    }
  });

  it('returns a StoreError unchanged', () => {
    const error = new StoreError('OrderNotFound', 'There is no such order.');
    expect(toStoreError(error)).toBe(error);
  });
});

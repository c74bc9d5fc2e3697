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

  it("finds the driver's code inside Drizzle's error, and copies the message of neither", () => {
    const wrapped = new Error('Failed query: insert into "orders" … params: secret', { cause: driverError('57P03') });
    const error = toStoreError(wrapped);
    expect([error.code, error.message]).toEqual(['DatabaseUnavailable', 'The database is not available (57P03).']);
  });

  it('returns a StoreError unchanged', () => {
    const error = new StoreError('OrderNotFound', 'There is no such order.');
    expect(toStoreError(error)).toBe(error);
  });
});

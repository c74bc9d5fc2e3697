import { readEnv } from './env';

test('an empty environment gives the documented ports and data directory', () => {
  expect(readEnv({})).toEqual({
    ports: { api: 3000, worker: 3001, gateway: 3002, postgres: 5433, temporal: 7233, temporalUi: 8233 },
    collectAddress: 'AT,CA,CH,DE,FR,GB,IE,NL,US',
    dataDir: '.data',
    databaseUrl: undefined,
    temporalAddress: undefined,
    storefrontUrl: undefined,
    noColor: false,
  });
});

test('a wrong variable is named, and its value is not shown', () => {
  const wrong = { PORT: '70000', DATABASE_URL: 'mysql://user:secret@elsewhere/store' };

  expect(() => readEnv(wrong)).toThrow(/^PORT is not valid: .*\nDATABASE_URL is not valid: /);
  expect(() => readEnv(wrong)).not.toThrow(/70000|secret/);
});

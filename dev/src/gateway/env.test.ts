import { randomBytes } from 'node:crypto';
import { readEnv } from './env';

const given = {
  GATEWAY_DATA_DIR: '/data',
  GATEWAY_API_KEY: '0123456789abcdef',
  WEBHOOK_URL: 'http://127.0.0.1:3000',
  PAYMENT_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString('base64')}`,
};

test('each default is the documented one', () => {
  expect(readEnv(given)).toMatchObject({ port: 3002, host: '127.0.0.1', publicUrl: 'http://127.0.0.1:3002' });
  expect(readEnv({ ...given, GATEWAY_PORT: '4000' }).publicUrl).toBe('http://127.0.0.1:4000');
  expect(readEnv({ ...given, GATEWAY_PUBLIC_URL: 'https://pay.example/' }).publicUrl).toBe('https://pay.example');
});

test('a public address with a path is refused, because the pages are at the root of the host', () => {
  const env = { ...given, GATEWAY_PUBLIC_URL: 'https://pay.example/sandbox' };
  expect(() => readEnv(env)).toThrow('GATEWAY_PUBLIC_URL is not valid: expected no path');
});

test.each(Object.keys(given))('without %s the gateway does not start, and names the variable', (name) => {
  expect(() => readEnv({ ...given, [name]: '' })).toThrow(`${name} is not set`);
});

test('the error names a weak secret and does not repeat it', () => {
  const weak = { ...given, GATEWAY_API_KEY: 'short', PAYMENT_WEBHOOK_SECRET: 'whsec_c2hvcnQ=' };

  expect(() => readEnv(weak)).toThrow(/GATEWAY_API_KEY is not valid[^]*PAYMENT_WEBHOOK_SECRET is not valid/);
  expect(() => readEnv(weak)).not.toThrow(/c2hvcnQ/);
});

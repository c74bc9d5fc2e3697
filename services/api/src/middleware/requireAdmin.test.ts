import { Hono } from 'hono';
import { Problem } from '../problem';
import { operatorOf, requireAdmin } from './requireAdmin';

const operators = [
  { name: 'operator', access: 'full', token: 'token-of-the-store' },
  { name: 'anna', access: 'full', token: 'token-of-anna' },
  { name: 'ben', access: 'read', token: 'token-of-ben' },
] as const;

function appFor(known: Parameters<typeof requireAdmin>[0]): Hono {
  const app = new Hono();
  app.onError((error, c) => c.text(error instanceof Problem ? error.code : error.message, 403));
  app.all('*', requireAdmin(known), (c) => c.text(operatorOf(c)));
  return app;
}

async function ask(token: string | undefined, method = 'POST', path = '/restock', known?: 'demo'): Promise<string> {
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const app = appFor(known === 'demo' ? undefined : [...operators]);
  return (await app.request(path, { method, headers })).text();
}

describe('requireAdmin', () => {
  it.each([
    ['token-of-the-store', 'operator'],
    ['token-of-anna', 'anna'],
    ['token-of-ben', 'admin_token_read_only'],
    ['token-of-nobody', 'admin_token_wrong'],
    ['token-of-ann', 'admin_token_wrong'],
    ['token-of-annaa', 'admin_token_wrong'],
    ['anna', 'admin_token_wrong'],
    ['', 'admin_token_missing'],
    [undefined, 'admin_token_missing'],
  ])('answers a change with the token %j: %s', async (token, answer) => {
    expect(await ask(token)).toBe(answer);
  });

  it.each([
    ['GET', '/orders', 'ben'],
    ['POST', '/ops/orders/search', 'ben'],
    ['POST', '/codec/decode', 'ben'],
    ['POST', '/codec/encode', 'admin_token_read_only'],
    ['PATCH', '/products/2', 'admin_token_read_only'],
    ['DELETE', '/ops/orders/ord_1/buyer', 'admin_token_read_only'],
  ])('refuses a `read` token for every call that is not a read: %s %s answers %s', async (method, path, answer) => {
    expect(await ask('token-of-ben', method, path)).toBe(answer);
  });

  it('treats everybody as the operator in demo mode', async () => {
    expect([await ask(undefined, 'POST', '/restock', 'demo'), await ask('wrong', 'POST', '/restock', 'demo')]).toEqual([
      'operator',
      'operator',
    ]);
  });
});

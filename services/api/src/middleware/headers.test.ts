import { Hono } from 'hono';
import { allowOrigins } from './headers';

describe('the preflight of a page of an allowed origin', () => {
  const app = new Hono().use(allowOrigins(['https://shop.example']));
  const preflight = async () => {
    const headers = { Origin: 'https://shop.example', 'Access-Control-Request-Method': 'POST' };
    const answer = await app.request('/checkout/key', { method: 'OPTIONS', headers });
    return (answer.headers.get('Access-Control-Allow-Headers') ?? '').toLowerCase().split(',');
  };

  it.each(['authorization', 'content-type', 'traceparent'])('allows %s, which the storefront sends', async (name) => {
    expect(await preflight()).toContain(name);
  });
});

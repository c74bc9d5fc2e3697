import { startFaultyProxy } from '../support/network/faultyProxy';
import { shopperOf, problemOf } from '../support/http/shopper';
import { startTestStore } from '../support/store/store';

describe('the rate limit', () => {
  const perMinute = 20;
  const withLimit = (more: Record<string, string>) =>
    startTestStore({
      demo: false,
      extraEnvironment: { api: { RATE_LIMIT_PER_MINUTE: String(perMinute), ...more } },
    });
  const statusesOf = async (count: number, send: (index: number) => Promise<{ status: number }>): Promise<number[]> => {
    const statuses: number[] = [];
    for (let index = 0; index < count; index++) statuses.push((await send(index)).status);
    return statuses;
  };

  it('ignores X-Forwarded-For, and counts health, webhooks and the catalogue separately', async () => {
    const store = await withLimit({});
    const shopper = shopperOf(store.apiUrl);
    const spoofed = (index: number) =>
      shopper.send('GET', '/product', { headers: { 'X-Forwarded-For': `203.0.113.${index}` } });
    const statuses = await statusesOf(perMinute + 5, spoofed);
    expect(statuses.slice(0, perMinute - 5).every((status) => status === 200)).toBe(true);
    expect(statuses.at(-1)).toBe(429);

    const refused = await shopper.send('GET', '/order/x');
    expect([refused.status, problemOf(refused)]).toMatchObject([429, { code: 'rate_limited', retryable: true }]);
    const seconds = Number(refused.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused.headers.get('RateLimit')).toBe(`"minute";r=0;t=${seconds}`);
    expect(refused.headers.get('RateLimit-Policy')).toBe(`"minute";q=${perMinute};w=60`);
    expect(refused.headers.get('Content-Security-Policy')).not.toBeNull();

    expect((await shopper.send('GET', '/healthz')).status).toBe(200);
    expect((await shopper.send('GET', '/readyz')).status).toBe(200);
    const looks = await statusesOf(perMinute * 10 + 1, () => shopper.send('GET', '/products'));
    expect(looks).toEqual([...looks.slice(1).map(() => 200), 429]);
    const webhooks = await statusesOf(perMinute * 10 + 1, () => shopper.webhook('pay_1', 'paid'));
    expect(webhooks).toEqual([...webhooks.slice(1).map(() => 401), 429]);
    await store.close();
  });

  it('counts the address that a trusted proxy reports', async () => {
    const store = await withLimit({ TRUSTED_PROXY_HOPS: '1' });
    const shopper = shopperOf(store.apiUrl);
    const through = (address: string, claimed: number) =>
      shopper.send('GET', '/product', { headers: { 'X-Forwarded-For': `10.0.0.${claimed}, ${address}` } });
    const statuses = await statusesOf(perMinute + 1, (index) => through('203.0.113.1', index));
    expect(statuses).toEqual([...statuses.slice(1).map(() => 200), 429]);
    expect((await through('203.0.113.2', 0)).status).toBe(200);
    await store.close();
  });

  it('ignores X-Forwarded-For if the proxy passes on the header of its client, as nginx and HAProxy do by default', async () => {
    const store = await withLimit({ TRUSTED_PROXY_HOPS: '1' });
    const proxy = await startFaultyProxy(() => store.apiUrl);
    const look = (headers: Record<string, string>) => fetch(`${proxy.url}/product`, { headers });
    expect((await statusesOf(perMinute + 1, () => look({}))).at(-1)).toBe(429);
    const forged = await statusesOf(perMinute, (index) => look({ 'X-Forwarded-For': `203.0.113.${index}` }));
    expect(forged).toEqual(forged.map(() => 429));
    expect(store.lines.filter((line) => line.includes('TRUSTED_PROXY_HOPS'))).toHaveLength(1);
    await proxy.close();
    await store.close();
  });
});

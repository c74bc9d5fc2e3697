import { randomBytes } from 'node:crypto';
import type { OrderReportBody } from '@widget-store/api';
import { digestOf, setAvailable } from '../support/store/database';
import { bearer, json, problemOf } from '../support/http/shopper';
import { type OpenStore, useTestStore } from '../support/store/store';

const [annasToken, readToken] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')];

const operatorCalls = [
  { method: 'GET', path: '/orders', init: {} },
  { method: 'HEAD', path: '/orders', init: {} },
  { method: 'POST', path: '/restock', init: {} },
  { method: 'GET', path: '/ops/products', init: {} },
  { method: 'GET', path: '/products/2/inventory', init: {} },
  { method: 'GET', path: '/products/2/stock', init: {} },
  { method: 'GET', path: '/products/2/stock.csv', init: {} },
  { method: 'GET', path: '/ops/stock.csv', init: {} },
  {
    method: 'POST',
    path: '/products/2/stock',
    init: { body: '{"change":1,"reason":"counted"}', headers: { ...json, 'Idempotency-Key': 'counted' } },
  },
  { method: 'PATCH', path: '/products/2', init: { body: '{"description":"Of nothing."}', headers: json } },
];

describe('authorization in demo mode', () => {
  const open = useTestStore({ demo: true });

  itLetsAnyoneBuy(open);
  itSendsSecurityHeaders(open);

  it.each(operatorCalls)('$method $path treats every caller as the operator', async ({ method, path, init }) => {
    for (const headers of [{}, { Authorization: 'Basic YTpi' }, bearer('wrong'), bearer(open.store.adminToken)]) {
      const answer = await open.shopper.send(method, path, { ...init, headers: { ...init.headers, ...headers } });
      expect(answer.status).toBe(200);
    }
  });

  it('GET /crash_application returns 405 and crashes nothing', async () => {
    const { pid } = open.store.processes.api;
    const answer = await open.shopper.send('GET', '/crash_application');
    expect([answer.status, problemOf(answer).code]).toEqual([405, 'method_not_allowed']);
    expect(open.store.processes.api.pid).toBe(pid);
  });

  it('without CORS_ORIGINS, pages of another origin cannot read responses', async () => {
    expect(await allowedOrigins(open, 'https://shop.example')).toEqual([null, null]);
    expect(await allowedOrigins(open, 'null')).toEqual([null, null]);
  });
});

describe('authorization outside demo mode', () => {
  const open = useTestStore({
    demo: false,
    extraEnvironment: {
      api: {
        CORS_ORIGINS: 'https://shop.example,https://other.example:8443',
        ADMIN_TOKENS: `anna:${annasToken},ben:${readToken}:read`,
      },
    },
  });

  itLetsAnyoneBuy(open);
  itSendsSecurityHeaders(open);

  describe.each(operatorCalls)('$method $path', ({ method, path, init }) => {
    const send = (headers: Record<string, string>) =>
      open.shopper.send(method, path, { ...init, headers: { ...init.headers, ...headers } });

    it('succeeds with the admin token', async () => {
      expect((await send(bearer(open.store.adminToken))).status).toBe(200);
    });

    it.each([
      ['no token', 401, 'admin_token_missing', () => ({})],
      ['another scheme', 401, 'admin_token_missing', () => ({ Authorization: 'Basic YTpi' })],
      ['a wrong token', 403, 'admin_token_wrong', () => bearer(`${open.store.adminToken}x`)],
    ])('is refused with %s: %i %s, and changes nothing', async (_with, status, code, headers) => {
      await setAvailable(open.store.store, 7);
      const before = await digestOf(open.store.sql);
      const answer = await send(headers());
      expect(answer.status).toBe(status);
      // The response to HEAD has no body.
      const said = method === 'HEAD' ? answer.text : problemOf(answer).code;
      expect(said).toBe(method === 'HEAD' ? '' : code);
      const challenge = answer.headers.get('WWW-Authenticate');
      expect(challenge?.split(' ')[0]).toBe(status === 401 ? 'Bearer' : undefined);
      expect(await digestOf(open.store.sql)).toBe(before);
    });
  });

  it('an operator with `read` sees everything, and changes nothing', async () => {
    const before = await digestOf(open.store.sql);
    const answers = [];
    for (const { method, path, init } of operatorCalls) {
      const headers = { ...init.headers, ...bearer(readToken) };
      const answer = await open.shopper.send(method, path, { ...init, headers });
      answers.push([answer.status, answer.status === 403 ? problemOf(answer).code : '']);
    }
    const refused = [403, 'admin_token_read_only'];
    const isReading = (method: string) => ['GET', 'HEAD'].includes(method);
    expect(answers).toEqual(operatorCalls.map(({ method }) => (isReading(method) ? [200, ''] : refused)));
    expect(await digestOf(open.store.sql)).toBe(before);
    const { text } = await open.shopper.send('GET', '/ops/operator', { headers: bearer(readToken) });
    expect(JSON.parse(text)).toEqual({ name: 'ben', access: 'read' });
    expect(open.store.lines.join('\n')).not.toContain(readToken);
  });

  it('the report of an order says which operator cancelled it', async () => {
    const path = `/ops/orders/${await placeOrder(open)}`;
    const headers = bearer(annasToken);
    const cancel = async () => (await open.shopper.send('POST', `${path}/cancel`, { headers })).status;
    expect([await cancel(), await cancel()]).toEqual([200, 200]);
    const { timeline } = JSON.parse((await open.shopper.send('GET', path, { headers })).text) as OrderReportBody;
    expect(timeline.filter(({ operator }) => operator !== null)).toMatchObject([
      { source: 'operator', title: 'Cancellation requested', operator: 'anna' },
    ]);
  });

  it.each([
    ['GET without a token', 'GET', false],
    ['POST without a token', 'POST', false],
    ['POST with the admin token', 'POST', true],
  ])('/crash_application does not exist: %s', async (_what, method, authorized) => {
    const { api } = open.store.processes;
    const { pid } = api;
    const headers = authorized ? bearer(open.store.adminToken) : {};
    const answer = await open.shopper.send(method, '/crash_application', { headers });
    expect([answer.status, problemOf(answer).code]).toEqual([404, 'not_found']);
    expect(api.pid).toBe(pid);
  });

  it('pages of another origin can read responses only if CORS_ORIGINS lists the origin', async () => {
    expect(await allowedOrigins(open, 'https://shop.example')).toEqual(Array(2).fill('https://shop.example'));
    expect(await allowedOrigins(open, 'https://other.example:8443')).toEqual(
      Array(2).fill('https://other.example:8443'),
    );
    expect(await allowedOrigins(open, 'https://shop.example.evil.example')).toEqual([null, null]);
    expect(await allowedOrigins(open, 'null')).toEqual([null, null]);
  });
});

async function placeOrder({ shopper, store }: OpenStore): Promise<string> {
  await setAvailable(store.store, 100);
  return store.orderIdOf(await shopper.reserve());
}

function allowedOrigins({ shopper }: OpenStore, origin: string): Promise<(string | null)[]> {
  const headers = { Origin: origin, 'Access-Control-Request-Method': 'PATCH' };
  return Promise.all(
    [
      ['GET', '/product'],
      ['OPTIONS', '/products/1'],
    ].map(async ([method = '', path = '']) => {
      const answer = await shopper.send(method, path, { headers });
      return answer.headers.get('Access-Control-Allow-Origin');
    }),
  );
}

function itLetsAnyoneBuy(open: OpenStore): void {
  it('anyone may check out, and read any order whose unguessable id they know', async () => {
    const orderId = await placeOrder(open);
    expect((await open.shopper.order(orderId)).order_id).toBe(orderId);
    expect(orderId).toMatch(/^ord_[0-9a-f]{32}$/);
  });
}

function itSendsSecurityHeaders(open: OpenStore): void {
  it.each(['/', '/shop/orders', '/product', '/nowhere'])('%s is sent with a strict security policy', async (path) => {
    const { headers } = await open.shopper.send('GET', path);
    const policy = headers.get('Content-Security-Policy');
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|data:|\*/);
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Referrer-Policy')).toBe('no-referrer');
  });

  it('no cache stores an order, and pages do not send their address to other sites', async () => {
    const orderId = await placeOrder(open);
    const paths = [`/order/${orderId}`, '/order/unknown', `/shop/order/${orderId}`, '/shop/pay/pay_1'];
    for (const path of paths) {
      const { headers } = await open.shopper.send('GET', path);
      expect([headers.get('Cache-Control'), headers.get('Referrer-Policy')]).toEqual(['no-store', 'no-referrer']);
    }
  });

  it('browsers revalidate pages each time, and cache the files of pages for a year', async () => {
    const cacheOf = async (path: string) => (await open.shopper.send('GET', path)).headers.get('Cache-Control');
    const { text: page } = await open.shopper.send('GET', '/');
    const [, asset = ''] = /src="(\/assets\/[^"]+)"/.exec(page) ?? [];
    expect(await Promise.all(['/', '/shop/cart', '/ops'].map(cacheOf))).toEqual(['no-cache', 'no-cache', 'no-cache']);
    expect(await cacheOf(asset)).toBe('public, max-age=31536000, immutable');
    expect(await cacheOf('/assets/index-of-another-release.js')).toBe('no-store');
  });
}

import type { ProblemBody } from '@widget-store/api';
import { digestOf, setAvailable } from '../support/store/database';
import { type Answer, type Shopper, shopperOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';

const json = { 'Content-Type': 'application/json' };
const problemOf = ({ text }: Answer) => JSON.parse(text) as ProblemBody;
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** The calls of the operator. */
const adminCalls = [
  { method: 'GET', path: '/orders', init: {} },
  { method: 'HEAD', path: '/orders', init: {} },
  { method: 'POST', path: '/restock', init: {} },
  { method: 'PATCH', path: '/products/2', init: { body: '{"description":"Of nothing."}', headers: json } },
];

/** Who may do what, and what a browser may do with the answers, against running stores. */
describe.each(['in demo mode', 'outside demo mode'])('%s', (mode) => {
  const demo = mode === 'in demo mode';
  let store: TestStore;
  let shopper: Shopper;
  let admin: Record<string, string>;

  beforeAll(async () => {
    store = await startTestStore({
      demo,
      extraEnvironment: { api: demo ? {} : { CORS_ORIGINS: 'https://shop.example,https://other.example:8443' } },
    });
    shopper = shopperOf(store.apiUrl);
    admin = bearer(store.adminToken);
  });
  afterAll(() => store.close());
  beforeEach(() => setAvailable(store.store, 100));

  const digest = () => digestOf(store.sql);
  const placeOrder = async (): Promise<string> => {
    const paymentId = await shopper.reserve();
    const [row] = await store.sql<{ order_id: string }[]>`select order_id from orders where payment_id = ${paymentId}`;
    return row?.order_id ?? '';
  };

  describe('who may do what', () => {
    it('anyone may check out, and see the order whose id they have', async () => {
      const orderId = await placeOrder();
      expect((await shopper.order(orderId)).order_id).toBe(orderId);
      expect(orderId).toMatch(/^ord_[0-9a-f]{32}$/);
    });

    it.each(adminCalls)('$method $path is for the operator', async ({ method, path, init }) => {
      const send = (headers: Record<string, string>) =>
        shopper.send(method, path, { ...init, headers: { ...init.headers, ...headers } });
      const none = await send({});
      const basic = await send({ Authorization: 'Basic YTpi' });
      const wrong = await send(bearer(`${store.adminToken}x`));
      const right = await send(admin);
      expect([none, basic, wrong, right].map(({ status }) => status)).toEqual(
        demo ? [200, 200, 200, 200] : [401, 401, 403, 200],
      );
      if (demo) return;
      expect(none.headers.get('WWW-Authenticate')).toMatch(/^Bearer /);
      if (method === 'HEAD') return;
      expect([none, basic, wrong].map((answer) => problemOf(answer).code)).toEqual([
        'admin_token_missing',
        'admin_token_missing',
        'admin_token_wrong',
      ]);
    });

    it('an operator who is refused changes nothing', async () => {
      if (demo) return;
      await setAvailable(store.store, 7);
      const before = await digest();
      for (const { method, path, init } of adminCalls) await shopper.send(method, path, init);
      expect(await digest()).toBe(before);
    });

    it('POST /crash_application is open, or not there at all', async () => {
      const { pid } = store.processes.api;
      const answers = [
        await shopper.send('GET', '/crash_application'),
        ...(demo
          ? []
          : [
              await shopper.send('POST', '/crash_application'),
              await shopper.send('POST', '/crash_application', { headers: admin }),
            ]),
      ];
      expect(answers.map((answer) => [answer.status, problemOf(answer).code])).toEqual(
        answers.map(() => (demo ? [405, 'method_not_allowed'] : [404, 'not_found'])),
      );
      expect(store.processes.api.pid).toBe(pid);
    });
  });

  describe('headers', () => {
    it.each(['/', '/shop/orders', '/product', '/nowhere'])('%s has the rules for browsers', async (path) => {
      const { headers } = await shopper.send('GET', path);
      const policy = headers.get('Content-Security-Policy');
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|data:|\*/);
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    });

    it('an order is kept by no cache and its address is told to nobody, as data and as a page', async () => {
      const orderId = await placeOrder();
      const paths = [`/order/${orderId}`, '/order/unknown', `/shop/order/${orderId}`, '/shop/pay/pay_1'];
      for (const path of paths) {
        const { headers } = await shopper.send('GET', path);
        expect([headers.get('Cache-Control'), headers.get('Referrer-Policy')]).toEqual(['no-store', 'no-referrer']);
      }
    });

    it('pages are asked for again and their files are kept for good, so that a release is seen at once', async () => {
      const cacheOf = async (path: string) => (await shopper.send('GET', path)).headers.get('Cache-Control');
      const { text: page } = await shopper.send('GET', '/');
      const [, asset = ''] = /src="(\/assets\/[^"]+)"/.exec(page) ?? [];
      expect(await Promise.all(['/', '/shop/cart', '/ops'].map(cacheOf))).toEqual(['no-cache', 'no-cache', 'no-cache']);
      expect(await cacheOf(asset)).toBe('public, max-age=31536000, immutable');
      expect(await cacheOf('/assets/index-of-another-release.js')).toBe('no-store');
    });

    it('a page of another origin may call only when it is listed', async () => {
      const allowed = async (origin: string) => {
        const headers = { Origin: origin, 'Access-Control-Request-Method': 'PATCH' };
        const [answer, preflight] = await Promise.all([
          shopper.send('GET', '/product', { headers }),
          shopper.send('OPTIONS', '/products/1', { headers }),
        ]);
        return [answer, preflight].map((one) => one.headers.get('Access-Control-Allow-Origin'));
      };
      const listed = demo ? null : 'https://shop.example';
      expect(await allowed('https://shop.example')).toEqual([listed, listed]);
      expect(await allowed('https://shop.example.evil.example')).toEqual([null, null]);
      expect(await allowed('null')).toEqual([null, null]);
    });
  });
});

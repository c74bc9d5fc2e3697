import { pagePaths, shortPaths } from '@widget-store/contract';
import { createApp } from './app';

const limits = { perMinute: 100, trustedProxyHops: 0 };

/** The paths that the OpenAPI document does not describe: pages for people, their files, and the document itself. */
const pages = new Set<string>([
  ...Object.values(pagePaths),
  shortPaths.cart,
  '/assets/*',
  '/drawings/*',
  '/openapi.json',
  '/docs',
  '/docs/*',
  '/*',
]);

interface Document {
  paths: Record<string, Record<string, { operationId: string; security?: Record<string, unknown>[] }>>;
  components: { schemas: Record<string, Schema> };
}

interface Schema {
  minProperties?: number;
  properties: Record<string, { pattern?: string }>;
}

function appWith(more: object) {
  return createApp({
    dependencies: {},
    metrics: { observe: () => {} },
    rateLimits: limits,
    runs: {},
    corsOrigins: [],
    imageOrigins: [],
    codec: undefined,
    operations: { webUi: {} },
    storefrontRoot: '.',
    ...more,
  } as never);
}

async function documentOf(app: ReturnType<typeof appWith>) {
  const answer = await app.request('/openapi.json', {}, { incoming: { socket: {} } });
  return (await answer.json()) as Document;
}

describe('the document', () => {
  it('is compressed', async () => {
    const headers = { 'Accept-Encoding': 'gzip' };
    const answer = await appWith({ crash: {} }).request('/openapi.json', { headers }, { incoming: { socket: {} } });
    expect(answer.headers.get('Content-Encoding')).toBe('gzip');
  });

  it('has every route of the app, and no other', async () => {
    const app = appWith({ crash: {} });
    const { paths } = await documentOf(app);
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    const served = app.routes.filter(({ path }) => !pages.has(path.replace(/^\/docs\/.*/, '/docs/*')));
    expect(documented.toSorted()).toEqual(
      [...new Set(served.map(({ method, path }) => `${method} ${path}`))].toSorted(),
    );
  });

  it('has a different name for every operation', async () => {
    const { paths } = await documentOf(appWith({ crash: {} }));
    const names = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(names).not.toContain(undefined);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has no crash button outside demo mode', async () => {
    const { paths } = await documentOf(
      appWith({ crash: undefined, operators: [{ name: 'operator', access: 'full', token: 'token' }] }),
    );
    expect(Object.keys(paths)).not.toContain('/crash_application');
  });
});

describe('the patterns of the document', () => {
  it('contain no syntax that differs between programming languages', async () => {
    const document = JSON.stringify(await documentOf(appWith({ crash: {}, codec: {} })));
    const patterns = [...document.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(([, text = '']) =>
      String(JSON.parse(text)),
    );
    expect(patterns.length).toBeGreaterThan(3);
    // The syntax of Unicode properties, \0, \u, lookbehind and named groups differs between programming languages.
    expect(patterns.filter((pattern) => /\\[pPuU0]|\(\?(?!:|=|!)/.test(pattern))).toEqual([]);
  });

  it('refuse control characters in a text, and accept what people write', async () => {
    const document = await documentOf(appWith({ crash: {} }));
    const { pattern } = document.components.schemas['ProductChange']?.properties['product'] ?? {};
    const allows = new RegExp(String(pattern));
    expect(
      ['Widget', ' Plain Widget ', 'Caf\u00e9', '\u5546\u54c1 \ud83d\udce6'].map((text) => allows.test(text)),
    ).not.toContain(false);
    expect(['', ' ', 'a\0b', 'a\nb', '\x7f', 'a\x85'].map((text) => allows.test(text))).not.toContain(true);
  });
});

it('the schema of a product change refuses an empty object', async () => {
  const document = await documentOf(appWith({ crash: {} }));
  expect(document.components.schemas['ProductChange']?.minProperties).toBe(1);
});

it('every call of operators that is not a read refuses a `read` token', async () => {
  const token = 'a-token-that-may-only-read';
  const operators = [{ name: 'ben', access: 'read', token }];
  const app = appWith({ crash: {}, codec: {}, operators, log: { error: () => {} } });
  const { paths } = await documentOf(app);
  const changes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method, { security = [] }]) => method !== 'get' && security.some((scheme) => 'adminToken' in scheme))
      .map(([method, { operationId }]) => ({ path, method: method.toUpperCase(), operationId })),
  );
  const allowed: string[] = [];
  for (const { path, method, operationId } of changes) {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await app.request(path, { method, headers }, { incoming: { socket: {} } });
    const { code } = (await answer.json()) as { code: string };
    if (code !== 'admin_token_read_only') allowed.push(operationId);
  }
  expect(changes.length).toBeGreaterThan(10);
  expect(allowed.toSorted()).toEqual(['decodePayloads', 'exportFoundOrders', 'findOrders']);
});

describe('with a front end on another origin', () => {
  const runs = { publicUrl: 'https://store.example' };
  const app = appWith({ runs, storefrontUrl: 'https://shop.example', log: { error: () => {} } });
  const open = (path: string) => app.request(path, { headers: { Accept: 'text/html' } }, { incoming: { socket: {} } });

  it.each(['/', '/cart', '/orders', '/shop/cart', '/shop/order/ord_1?returned', '/shop/pay/pay_1'])(
    '%s redirects to the same path there',
    async (path) => {
      const answer = await open(path);
      expect([answer.status, answer.headers.get('Location')]).toEqual([302, `https://shop.example${path}`]);
    },
  );

  it('a page with an unknown address does not lead to the built-in front end', async () => {
    const { status, headers } = await open('/nowhere');
    expect([status, headers.get('Content-Type')]).toEqual([404, 'application/problem+json']);
  });
});

test('a webhook with a wrong signature leaves a line in the log, and the next ones leave none', async () => {
  const warn = jest.fn();
  const app = appWith({ webhookSecrets: [`whsec_${'A'.repeat(32)}`], acceptUnsigned: false, log: { warn } });
  const send = () => app.request('/webhooks/sandbox', { method: 'POST', body: '{}' }, { incoming: { socket: {} } });
  expect([(await send()).status, (await send()).status]).toEqual([401, 401]);
  expect(warn.mock.calls).toEqual([
    [expect.objectContaining({ code: 'webhook_unauthorized', path: '/webhooks/sandbox' }), expect.any(String)],
  ]);
});

import { createApp } from './app';

const limits = { perMinute: 100, trustedProxyHops: 0 };

/** Pages for people, which the document does not describe. */
const pages = new Set([
  '/',
  '/shop/*',
  '/ops',
  '/ops/order/:order_id',
  '/ops/order/*',
  '/shop/order/*',
  '/shop/pay/*',
  '/assets/*',
  '/openapi.json',
  '/docs',
  '/docs/*',
  '/*',
]);

function appWith(more: object) {
  return createApp({
    dependencies: {},
    metrics: { observe: () => {} },
    rateLimits: limits,
    corsOrigins: [],
    codec: undefined,
    operations: { webUi: {} },
    storefrontRoot: '.',
    ...more,
  } as never);
}

async function documentOf(app: ReturnType<typeof appWith>) {
  const answer = await app.request('/openapi.json', {}, { incoming: { socket: {} } });
  return (await answer.json()) as { paths: Record<string, Record<string, { operationId: string }>> };
}

describe('the document', () => {
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

  it('has a name of its own for every operation', async () => {
    const { paths } = await documentOf(appWith({ crash: {} }));
    const names = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(names).not.toContain(undefined);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has no crash button outside demo mode', async () => {
    const { paths } = await documentOf(appWith({ crash: undefined, adminToken: 'token' }));
    expect(Object.keys(paths)).not.toContain('/crash_application');
  });
});

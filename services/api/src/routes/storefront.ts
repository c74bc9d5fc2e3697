import { serveStatic } from '@hono/node-server/serve-static';
import { operationsPath, orderPagePath, paymentPagePath } from '@widget-store/contract';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { createMiddleware } from 'hono/factory';

/**
 * Serves the built storefront: one HTML page whose router runs in the browser. Shoppers open it at `/` and `/shop`, and
 * operators at `/ops`.
 */
export function storefrontRoutes(root: string) {
  const page = serveStatic({ root, path: 'index.html' });
  return new Hono()
    .use(orderPagePath('*'), notStored)
    .use(paymentPagePath('*'), notStored)
    .use(operationsPath('*'), notStored)
    .use('/', revalidated)
    .use('/shop/*', revalidated)
    .use('/ops', revalidated)
    .use('/assets/*', immutable, compress())
    .get('/', page)
    .get('/shop/*', page)
    .get('/ops', page)
    .get(operationsPath(':order_id'), page)
    .get('/assets/*', serveStatic({ root }));
}

/** Anybody who knows the address of such a page can see the order, so caches must not store the page. */
const notStored = cached('no-store');

/**
 * The page names the files of its build. A page from a cache would name files of an earlier build, which no longer
 * exist.
 */
const revalidated = cached('no-cache');

/** These files never change, because their names contain a hash of their content. */
const immutable = cached('public, max-age=31536000, immutable');

/**
 * Sets `Cache-Control` of successful responses. Failed responses, for example a 404 during a rollout, must never be
 * stored.
 */
function cached(rule: string) {
  return createMiddleware(async (c, next) => {
    await next();
    c.header('Cache-Control', c.res.ok ? rule : 'no-store');
  });
}

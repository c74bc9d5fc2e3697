import { serveStatic } from '@hono/node-server/serve-static';
import { operationsPath, orderPagePath, paymentPagePath } from '@widget-store/contract';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';

/**
 * The built storefront: one HTML page that routes in the browser, at `/` and `/shop` for shoppers and at `/ops` for the
 * operator.
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
    .use('/assets/*', immutable)
    .get('/', page)
    .get('/shop/*', page)
    .get('/ops', page)
    .get(operationsPath(':order_id'), page)
    .get('/assets/*', serveStatic({ root }));
}

/** Anybody who knows the address of such a page may see the order, so no cache may store it. */
const notStored = cached('no-store');

/** The page names the files of its build. A cached page would name files of an earlier build, which no longer exist. */
const revalidated = cached('no-cache');

/** Their names contain a hash of their content. */
const immutable = cached('public, max-age=31536000, immutable');

/** Sets `Cache-Control` of successful answers; a 404, as during a rollout, is never stored. */
function cached(rule: string) {
  return createMiddleware(async (c, next) => {
    await next();
    c.header('Cache-Control', c.res.ok ? rule : 'no-store');
  });
}

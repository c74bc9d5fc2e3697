import { serveStatic } from '@hono/node-server/serve-static';
import { operationsPath, orderPagePath, paymentPagePath } from '@widget-store/workflows/contract';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';

/**
 * The built storefront. The shop's pages are under `/shop`, those of the people who run it at `/ops` beside its calls; all of
 * them are the one page that routes in the browser.
 */
export function storefrontRoutes(root: string) {
  const page = serveStatic({ root, path: 'index.html' });
  return new Hono()
    .use(orderPagePath('*'), notKept)
    .use(paymentPagePath('*'), notKept)
    .use(operationsPath('*'), notKept)
    .get('/', page)
    .get('/shop/*', page)
    .get('/ops', page)
    .get(operationsPath(':order_id'), page)
    .get('/assets/*', serveStatic({ root }));
}

/** The address of such a page is the right to see an order, so no cache may remember it. */
const notKept = createMiddleware(async (c, next) => {
  await next();
  c.header('Cache-Control', 'no-store');
});

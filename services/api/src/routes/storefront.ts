import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';

/** The built storefront. Its own pages are under `/shop`, where every path is the one page that routes in the browser. */
export function storefrontRoutes(root: string) {
  const page = serveStatic({ root, path: 'index.html' });
  return new Hono()
    .use('/shop/order/*', notKept)
    .use('/shop/pay/*', notKept)
    .get('/', page)
    .get('/shop/*', page)
    .get('/assets/*', serveStatic({ root }));
}

/** The address of such a page is the right to see an order, so no cache may remember it. */
const notKept = createMiddleware(async (c, next) => {
  await next();
  c.header('Cache-Control', 'no-store');
});

import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';

/** The built storefront. Its own pages are under `/shop`, where every path is the one page that routes in the browser. */
export function storefrontRoutes(root: string) {
  const page = serveStatic({ root, path: 'index.html' });
  return new Hono().get('/', page).get('/shop/*', page).get('/assets/*', serveStatic({ root }));
}

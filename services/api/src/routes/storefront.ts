import { serveStatic } from '@hono/node-server/serve-static';
import { operationsPath, orderPagePath, paymentPagePath } from '@widget-store/contract';
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
    .use('/', askedAgain)
    .use('/shop/*', askedAgain)
    .use('/ops', askedAgain)
    .use('/assets/*', keptForGood)
    .get('/', page)
    .get('/shop/*', page)
    .get('/ops', page)
    .get(operationsPath(':order_id'), page)
    .get('/assets/*', serveStatic({ root }));
}

/** The address of such a page is the right to see an order, so no cache may remember it. */
const notKept = cached('no-store');

/** The page names the files of its own build: one that a browser kept would name those of a build that is gone. */
const askedAgain = cached('no-cache');

/** Their names have the hash of what is in them. */
const keptForGood = cached('public, max-age=31536000, immutable');

/** Of what is there; that something is not there yet, as in the middle of a rollout, is never kept. */
function cached(rule: string) {
  return createMiddleware(async (c, next) => {
    await next();
    c.header('Cache-Control', c.res.ok ? rule : 'no-store');
  });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { isOperationsPath, pagePaths, shortPaths } from '@widget-store/contract';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { accepts } from 'hono/accepts';
import { compress } from 'hono/compress';

/**
 * The addresses of these pages contain an id with which anybody can see the order, so caches must not store the pages.
 */
const privatePaths = new Set<string>([
  pagePaths.order,
  pagePaths.payment,
  pagePaths.opsOrder,
  pagePaths.opsPackingSlip,
]);

interface Storefront {
  /** The folder of the built storefront. */
  root: string;
  /** The address of another front end, without a slash at its end. Undefined if shoppers use the built storefront. */
  otherUrl: string | undefined;
}

/**
 * Serves the built storefront: one HTML page whose router runs in the browser. If shoppers use another front end, serves
 * only the operations pages, and redirects every page for shoppers to that front end. These routes must come before
 * those of the api, because `/orders` is both a page for browsers and a call for programs.
 */
export function storefrontRoutes({ root, otherUrl }: Storefront) {
  const app = new Hono();
  for (const path of Object.values(pagePaths)) {
    const redirectUrl = isOperationsPath(path) ? undefined : otherUrl;
    const cacheControl = privatePaths.has(path) ? 'no-store' : revalidated;
    app.get(path, (c) => (redirectUrl === undefined ? sendPage(c, { root, cacheControl }) : redirect(c, redirectUrl)));
  }
  for (const path of Object.values(shortPaths)) {
    app.get(path, (c, next) => {
      if (varyByAccept(c) !== 'text/html') return next();
      return otherUrl === undefined ? sendPage(c, { root, cacheControl: revalidated }) : redirect(c, otherUrl);
    });
  }
  return app
    .get('/assets/*', immutable, compress(), serveStatic({ root }))
    .get('/drawings/*', cachedForDay, compress(), serveStatic({ root }));
}

/**
 * Answers a browser with the storefront's page about an unknown address.
 *
 * @returns undefined for other clients, and outside the operations pages if shoppers use another front end
 */
export async function unknownPage(c: Context, { root, otherUrl }: Storefront): Promise<Response | undefined> {
  if (otherUrl !== undefined && !isOperationsPath(c.req.path)) return undefined;
  const isPageRequest = methodsOfPages.has(c.req.method) && varyByAccept(c) === 'text/html';
  return isPageRequest ? sendPage(c, { root, cacheControl: 'no-store', status: 404 }) : undefined;
}

const methodsOfPages = new Set(['GET', 'HEAD']);

/**
 * A cache must ask the api before it uses a stored page. The page names the files of its build, and a stored page can
 * name files of an earlier build, which no longer exist.
 */
const revalidated = 'no-cache';

/** Sends a browser to the same path and query at the other front end. */
function redirect(c: Context, otherUrl: string): Response {
  const { pathname, search } = new URL(c.req.url);
  return c.redirect(`${otherUrl}${pathname}${search}`);
}

interface PageResponse {
  root: string;
  cacheControl: string;
  status?: 404;
}

async function sendPage(c: Context, { root, cacheControl, status }: PageResponse): Promise<Response> {
  const html = await readFile(join(root, 'index.html'), 'utf8');
  return c.html(html, status, { 'Cache-Control': cacheControl });
}

/**
 * Chooses between the page and the answer for programs, by the header `Accept`. Only a client that names `text/html`
 * gets the page, because many programs accept everything.
 */
function varyByAccept(c: Context): string {
  // Does not call `c.header`, because a response that Hono has not created would lose the header.
  c.res.headers.append('Vary', 'Accept');
  return accepts(c, { header: 'Accept', supports: ['application/json', 'text/html'], default: 'application/json' });
}

/**
 * The files below `/assets/` never change, because their names contain a hash of their content. A failed response, for
 * example a 404 during a rollout, must not be stored.
 */
const immutable = cached('public, max-age=31536000, immutable');

/**
 * The name of a drawing is part of the catalogue, so it contains no hash. A release can change the content of a drawing
 * and keep its name, so caches keep a drawing only for a day.
 */
const cachedForDay = cached('public, max-age=86400');

function cached(cacheControl: string): MiddlewareHandler {
  return async (c, next) => {
    await next();
    c.header('Cache-Control', c.res.ok ? cacheControl : 'no-store');
  };
}

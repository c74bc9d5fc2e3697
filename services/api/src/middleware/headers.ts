import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';

const policy = {
  defaultSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  objectSrc: ["'none'"],
};

/** The style sheet of Swagger UI contains its icons as `data:` URIs. */
const docsPolicy = { ...policy, imgSrc: ["'self'", 'data:'] };

/**
 * Sets headers so that the browser runs only the store's own scripts and styles, shows no page of the store in a frame,
 * and guesses no media type. The browser also sends no `Referer`, because anybody who knows the address of an order can
 * see the order.
 *
 * @param imageOrigins the origins, besides the store's own, whose pictures the pages can show
 */
export function securityHeaders(imageOrigins: string[]): MiddlewareHandler {
  const shared = { xFrameOptions: 'DENY', referrerPolicy: 'no-referrer' };
  const strictOptions = { ...shared, contentSecurityPolicy: { ...policy, imgSrc: ["'self'", ...imageOrigins] } };
  const strict = secureHeaders(strictOptions);
  // The pages of a front end at another address show the store's drawings too.
  const ofDrawings = secureHeaders({ ...strictOptions, crossOriginResourcePolicy: 'cross-origin' });
  const inDocs = secureHeaders({ ...shared, contentSecurityPolicy: docsPolicy });
  return (c, next) => {
    if (c.req.path.startsWith('/docs')) return inDocs(c, next);
    return (c.req.path.startsWith('/drawings/') ? ofDrawings : strict)(c, next);
  };
}

/** Allows pages of these origins to call the api. */
export function allowOrigins(origins: string[]): MiddlewareHandler {
  const exposeHeaders = [
    'ETag',
    'Idempotent-Replayed',
    'Link',
    'Retry-After',
    'RateLimit',
    'RateLimit-Policy',
    'X-Request-Id',
  ];
  // The storefront sends `traceparent`, because it starts the trace of a purchase (W3C Trace Context).
  const allowHeaders = ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'traceparent'];
  return cors({ origin: origins, allowHeaders, exposeHeaders, maxAge: 600 });
}

/**
 * Allows the Temporal Web UI to call the codec. All headers are allowed, because different versions of the Web UI send
 * different ones. Cookies are allowed, because the store can be behind a proxy that authenticates people by a cookie.
 * Outside demo mode, every call still needs the admin token.
 */
export function allowWebUi(uiUrl: string): MiddlewareHandler {
  return cors({ origin: new URL(uiUrl).origin, allowMethods: ['POST'], credentials: true, maxAge: 600 });
}

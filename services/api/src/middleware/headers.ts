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
 * Makes the browser run only our own scripts and styles, show no page in a frame and guess no media type. The browser
 * also sends no `Referer`, because anybody who knows the address of an order can see the order.
 */
export function securityHeaders(): MiddlewareHandler {
  const shared = { xFrameOptions: 'DENY', referrerPolicy: 'no-referrer' };
  const strict = secureHeaders({ ...shared, contentSecurityPolicy: policy });
  const inDocs = secureHeaders({ ...shared, contentSecurityPolicy: docsPolicy });
  return (c, next) => (c.req.path.startsWith('/docs') ? inDocs : strict)(c, next);
}

/** Allows pages of these origins to call the api. */
export function allowOrigins(origins: string[]): MiddlewareHandler {
  const exposeHeaders = ['Idempotent-Replayed', 'Link', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id'];
  // `traceparent`: the storefront starts the trace of a purchase (W3C Trace Context).
  const allowHeaders = ['Authorization', 'Content-Type', 'Idempotency-Key', 'traceparent'];
  return cors({ origin: origins, allowHeaders, exposeHeaders, maxAge: 600 });
}

/**
 * Allows the Temporal Web UI to call the codec. The version of the Web UI decides which headers it sends, so all
 * headers are allowed. Cookies are allowed for stores behind a proxy that authenticates people. Every call still needs
 * the admin token.
 */
export function allowWebUi(uiUrl: string): MiddlewareHandler {
  return cors({ origin: new URL(uiUrl).origin, allowMethods: ['POST'], credentials: true, maxAge: 600 });
}

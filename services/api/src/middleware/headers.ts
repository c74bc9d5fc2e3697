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

/** The style sheet of Swagger UI has its icons as `data:` URIs. */
const docsPolicy = { ...policy, imgSrc: ["'self'", 'data:'] };

/**
 * The browser runs scripts and styles of our own files only, shows no page in a frame, guesses no media type and sends
 * no `Referer`, because the address of an order is the right to see it.
 */
export function securityHeaders(): MiddlewareHandler {
  const shared = { xFrameOptions: 'DENY', referrerPolicy: 'no-referrer' };
  const strict = secureHeaders({ ...shared, contentSecurityPolicy: policy });
  const inDocs = secureHeaders({ ...shared, contentSecurityPolicy: docsPolicy });
  return (c, next) => (c.req.path.startsWith('/docs') ? inDocs : strict)(c, next);
}

/** Lets pages of these origins call the api. */
export function allowOrigins(origins: string[]): MiddlewareHandler {
  const exposeHeaders = ['Idempotent-Replayed', 'Link', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id'];
  // `traceparent`: the storefront starts the trace of a purchase (W3C Trace Context).
  const allowHeaders = ['Authorization', 'Content-Type', 'traceparent'];
  return cors({ origin: origins, allowHeaders, exposeHeaders, maxAge: 600 });
}

/**
 * Lets the Temporal Web UI decrypt payloads. Its headers depend on its version, so all are allowed; cookies are allowed
 * for a proxy that authenticates people. The admin token is required in any case.
 */
export function allowWebUi(uiUrl: string): MiddlewareHandler {
  return cors({ origin: new URL(uiUrl).origin, allowMethods: ['POST'], credentials: true, maxAge: 600 });
}

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

/** Swagger UI draws its icons from `data:` URIs in its style sheet. */
const docsPolicy = { ...policy, imgSrc: ["'self'", 'data:'] };

/**
 * What a browser may do with our answers: run scripts and styles of our own files only, never show us in a frame, never
 * guess a media type, never tell another site where it came from. An order's address is the right to see it.
 */
export function browserRules(): MiddlewareHandler {
  const shared = { xFrameOptions: 'DENY', referrerPolicy: 'no-referrer' };
  const everywhere = secureHeaders({ ...shared, contentSecurityPolicy: policy });
  const inDocs = secureHeaders({ ...shared, contentSecurityPolicy: docsPolicy });
  return (c, next) => (c.req.path.startsWith('/docs') ? inDocs : everywhere)(c, next);
}

/** Lets the pages of these origins call the api; `origins` is not empty. */
export function allowOrigins(origins: string[]): MiddlewareHandler {
  const exposeHeaders = ['Idempotent-Replayed', 'Link', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id'];
  return cors({ origin: origins, allowHeaders: ['Authorization', 'Content-Type'], exposeHeaders, maxAge: 600 });
}

/**
 * Lets the Temporal Web UI decrypt payloads. Which headers it sends depends on its version, and with cookies it may come
 * through a proxy that asks who somebody is; the admin token still stands before the answer.
 */
export function allowWebUi(uiUrl: string): MiddlewareHandler {
  return cors({ origin: new URL(uiUrl).origin, allowMethods: ['POST'], credentials: true, maxAge: 600 });
}

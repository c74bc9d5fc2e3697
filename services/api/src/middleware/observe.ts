import { randomUUID } from 'node:crypto';
import { withLogFields } from '@widget-store/runtime';
import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { ApiMetrics } from '../metrics';
import { requestIdHeader, toProblem } from '../problem';

declare module 'hono' {
  interface ContextVariableMap {
    requestId: string;
  }
}

const requestIdPattern = /^[A-Za-z0-9_.:=-]{1,100}$/;
const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Gives every request an id: the value of `X-Request-Id`, or a new one if this header is absent or invalid. The log
 * lines and the response contain the id. Also counts the request in the metrics.
 */
export function observe(metrics: ApiMetrics): MiddlewareHandler {
  return async (c, next) => {
    const startedAtMs = performance.now();
    const given = c.req.header(requestIdHeader);
    const requestId = given !== undefined && requestIdPattern.test(given) ? given : randomUUID();
    c.set('requestId', requestId);
    await withLogFields({ requestId }, next);
    c.res.headers.set(requestIdHeader, requestId);
    metrics.observe({
      // Clients can send any method, and each unknown one would create a new time series.
      method: knownMethods.has(c.req.method) ? c.req.method : 'other',
      route: routeOf(c),
      status: c.res.status,
      problem: c.error === undefined ? undefined : toProblem(c.error, c.req.raw).code,
      replayed: c.res.headers.has('Idempotent-Replayed'),
      seconds: (performance.now() - startedAtMs) / 1000,
    });
  };
}

/** The template of the route, for the metrics. The path of the request would have too many different values. */
function routeOf(c: Context): string {
  return routePath(c, -1);
}
